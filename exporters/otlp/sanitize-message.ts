import type { OtlpOptions } from './options.ts';

const MAX_LENGTH = 300;

/**
 * Makes the other end's own words fit for a sentence of ours: one short line without control
 * characters, without a full stop, and without what we have sent to be let in, which some servers repeat.
 */
export function quotable(text: string, { headers, url }: OtlpOptions): string {
  const { username, password } = new URL(url);
  const secrets = [...Object.values(headers), ...[username, password].flatMap(written)]
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length > 3 && !/^(basic|bearer)$/i.test(value))
    // A short one may be part of a long one, which would no longer be found.
    .sort((a, b) => b.length - a.length);
  return secrets
    .reduce((shown, secret) => shown.replaceAll(secret, 'REDACTED'), text)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
    .replace(/\.$/, '');
}

/** A part of a URL as it stands there, and as it is meant. */
function written(part: string): string[] {
  try {
    return [part, decodeURIComponent(part)];
  } catch {
    return [part];
  }
}
