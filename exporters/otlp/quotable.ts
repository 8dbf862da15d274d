import type { OtlpSettings } from '../../src/settings.ts';

const MAX_LENGTH = 300;

/**
 * Makes the other end's own words fit for a sentence of ours: one short line without control
 * characters, without a full stop, and without what we have sent to be let in, which some servers repeat.
 */
export function quotable(text: string, { headers, url }: OtlpSettings): string {
  const secrets = [...Object.values(headers), new URL(url).password]
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .filter(({ length }) => length > 3);
  return secrets
    .reduce((shown, secret) => shown.replaceAll(secret, 'REDACTED'), text)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
    .replace(/\.$/, '');
}
