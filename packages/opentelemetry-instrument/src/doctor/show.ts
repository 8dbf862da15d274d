const MAX_SHOWN = 200;

/**
 * Makes the text of a server fit for output: one short line without control characters. Removes the
 * secrets sent to the server, because some servers repeat them.
 */
export function sanitize(text: string, secrets: Iterable<string> = []): string {
  const parts = [...secrets]
    .flatMap((secret) => [secret, ...secret.split(/\s+/)])
    .filter(({ length }) => length > 3)
    // Longest first: after a part of a secret is replaced, the whole is no longer found.
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

/** Returns the message of a server as the end of a clause; empty if there is none. */
export function quoted(message: string): string {
  return message === '' ? '' : `: "${message}"`;
}
