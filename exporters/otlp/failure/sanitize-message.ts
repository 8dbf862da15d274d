import type { OtlpOptions } from '../../options.ts';

const MAX_LENGTH = 300;

/**
 * Returns a server's message as one short line without control characters and full stop.
 *
 * Credentials that were sent are redacted, since some servers repeat them.
 */
export function sanitizeMessage(message: string, { headers, url }: OtlpOptions): string {
  const { username, password } = new URL(url);
  const secrets = [...Object.values(headers), ...[username, password].flatMap(spellings)]
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length > 3 && !/^(basic|bearer)$/i.test(value))
    // Longest first: after a part of a secret is replaced, the whole is no longer found.
    .sort((a, b) => b.length - a.length);
  return secrets
    .reduce((sanitized, secret) => sanitized.replaceAll(secret, 'REDACTED'), message)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
    .replace(/\.$/, '');
}

/** Returns a part of a URL as it is written, and decoded. */
function spellings(part: string): string[] {
  try {
    return [part, decodeURIComponent(part)];
  } catch {
    return [part];
  }
}
