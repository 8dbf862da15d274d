const MAX_SHOWN = 200;

/**
 * Makes text from elsewhere fit to be shown: one short line without control characters, and without
 * the secrets that were sent, which some servers repeat.
 */
export function showForeign(text: string, secrets: Iterable<string> = []): string {
  const parts = [...secrets]
    .flatMap((secret) => [secret, ...secret.split(/\s+/)])
    .filter(({ length }) => length > 3)
    // A short one may be part of a long one, which would no longer be found.
    .sort((a, b) => b.length - a.length);
  const shown = parts
    .reduce((rest, part) => rest.replaceAll(part, 'REDACTED'), text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
}

/** Returns a URL without its password, query and fragment. */
export function showUrl(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*/s, '?…');
}

/** What tells two failures of the system apart: `ECONNREFUSED`. */
export function errorCode(error: unknown): string {
  const { code, cause, name } = Object(error) as {
    code?: unknown;
    cause?: unknown;
    name?: unknown;
  };
  if (typeof code === 'string') return code;
  return cause === undefined ? String(name ?? error) : errorCode(cause);
}

/** The other end's own words, to go on with a sentence. Of a `google.rpc.Status` as JSON its message. */
export function says(text: string): string {
  const message = messageOf(text) ?? text;
  return message === '' ? '' : `, saying "${message}"`;
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text);
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
