/**
 * Returns the delay that a `Retry-After` header requests, in milliseconds. The header has seconds or a
 * date; the result is undefined if it has neither.
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-retry-after
 */
export function parseRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const millis = Date.parse(header) - Date.now();
  return Number.isNaN(millis) ? undefined : millis;
}
