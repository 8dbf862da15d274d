import type { HonoRequest } from 'hono';
import type { ErrorText } from '../errors/error-page.ts';

/** The form of a request, or why there is none: 415 for another content type, 400 for a broken one. */
export type FormResult =
  | { readonly ok: true; readonly value: FormData | URLSearchParams }
  | ({ readonly ok: false; readonly status: 400 | 415 } & ErrorText);

const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|(multipart\/form-data))\s*(?:;|$)/i;
const MAX_TYPE_LENGTH = 256;
/** Fields, or lines that could begin a part. */
const MAX_FIELDS = 1_000;
// Deno takes the square of a run of blanks to parse the header of a part.
const BLANKS_IN_HEADER = /^[!-9;-~]+:.*?[ \t]{64}/m;

/** Reads a request's body as a form, whatever a client has sent. */
export async function readForm(request: HonoRequest): Promise<FormResult> {
  const type = request.header('Content-Type') ?? '';
  const [found, multipart] = (type.length <= MAX_TYPE_LENGTH && FORM_TYPE.exec(type)) || [];
  if (found === undefined) {
    return {
      ok: false,
      status: 415,
      title: 'Not a form',
      text: 'Send the task as a form: application/x-www-form-urlencoded or multipart/form-data.',
    };
  }
  try {
    const body = await request.text();
    const value = multipart ? await parseMultipart(body, type) : parseUrlEncoded(body);
    return { ok: true, value };
  } catch {
    return {
      ok: false,
      status: 400,
      title: 'Unreadable form',
      text: 'The form arrived broken. Please go back and send it again.',
    };
  }
}

function parseUrlEncoded(body: string): URLSearchParams {
  checkCount(body, '&');
  return new URLSearchParams(body);
}

function parseMultipart(body: string, type: string): Promise<FormData> {
  checkCount(body, '\n--');
  if (BLANKS_IN_HEADER.test(body)) throw new Error('A header of a part is mostly blanks.');
  return new Response(body, { headers: { 'Content-Type': type } }).formData();
}

/** @throws Error for more fields than a form of this app could have */
function checkCount(body: string, separator: string): void {
  const { length } = body.split(separator, MAX_FIELDS + 1);
  if (length > MAX_FIELDS) throw new Error('The form has too many fields.');
}
