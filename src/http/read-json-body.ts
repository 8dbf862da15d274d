import type { HonoRequest } from 'hono';

/** What a body says, or the status to refuse it with: 415 for another type, 400 for what is no JSON. */
export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: 400 | 415 };

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body as JSON in UTF-8, uncompressed. Of a name that comes twice the last value counts.
 * @param types of content that are taken
 */
export async function readJsonBody(
  request: HonoRequest,
  types: readonly string[],
): Promise<JsonBody> {
  const isPlain = /^(?:identity)?$/i.test(request.header('Content-Encoding') ?? '');
  if (!isPlain || !isTaken(request.header('Content-Type'), types)) {
    return { ok: false, status: 415 };
  }
  try {
    return { ok: true, value: JSON.parse(decoder.decode(await request.arrayBuffer())) };
  } catch {
    // Broken off, not UTF-8, no JSON, nested too deep, empty: all the same to who sent it.
    return { ok: false, status: 400 };
  }
}

/** Whether it is one of the types; with a charset, which JSON does not have, only as UTF-8. */
function isTaken(contentType: string | undefined, types: readonly string[]): boolean {
  const [type = '', ...parameters] = (contentType ?? '').split(';');
  const charset = parameters.find((parameter) => /^\s*charset\s*=/i.test(parameter));
  return (
    types.includes(type.trim().toLowerCase()) &&
    (charset === undefined || /=\s*"?utf-?8"?\s*$/i.test(charset))
  );
}
