import { entriesOf, type Parsed } from './variable.ts';

const ENCODING = '(a comma in a value is %2C, a percent sign %25)';

/**
 * Parses `key=value,key=value`, percent-encoded. One mistake discards all of it.
 * @see https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable
 */
export function parseResourceAttributes(text: string): Parsed<Readonly<Record<string, string>>> {
  const pairs = entriesOf(text).map(decodePair);
  if (pairs.every((pair) => pair !== undefined)) return { value: Object.fromEntries(pairs) };
  const problem = 'is not a list of key=value pairs';
  return { error: { problem, fix: `use key=value,key=value ${ENCODING}` } };
}

/** Valid names of headers, and invalid characters of values (RFC 9110, section 5). */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~\da-z]+$/i;
const INVALID_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Parses `key=value,key=value`, percent-encoded, without entries that are not valid headers.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables
 */
export function parseHeaders(text: string): Parsed<Readonly<Record<string, string>>> {
  const pairs = entriesOf(text).map(decodePair);
  const headers = pairs.filter(
    (pair): pair is [string, string] =>
      pair !== undefined && HEADER_NAME.test(pair[0]) && !INVALID_IN_VALUE.test(pair[1]),
  );
  const value = Object.fromEntries(headers);
  return withoutInvalid(
    value,
    pairs.length,
    pairs.length - headers.length,
    `use name=value,name=value ${ENCODING}`,
  );
}

function decodePair(entry: string): [string, string] | undefined {
  const at = entry.indexOf('=');
  if (at < 1) return undefined;
  try {
    const key = decodeURIComponent(entry.slice(0, at).trim());
    return key === '' ? undefined : [key, decodeURIComponent(entry.slice(at + 1).trim())];
  } catch {
    return undefined;
  }
}

/** Ratio of sampled requests with a path, or a prefix of it that ends in `*`. */
export interface SamplerRule {
  readonly path: string;
  readonly ratio: number;
}

/** Parses `/healthz=0,/api/*=0.1`, without invalid entries. */
export function parseSamplerRules(text: string): Parsed<readonly SamplerRule[]> {
  const entries = entriesOf(text);
  const value = entries.flatMap((entry) => {
    const at = entry.lastIndexOf('=');
    const path = entry.slice(0, at).trim();
    const digits = entry.slice(at + 1).trim();
    const ratio = /^[\d.]+$/.test(digits) ? Number(digits) : Number.NaN;
    return path.startsWith('/') && ratio <= 1 ? [{ path, ratio }] : [];
  });
  const fix = 'use a path and a ratio from 0 to 1, such as /healthz=0,/api/*=0.1';
  return withoutInvalid(value, entries.length, entries.length - value.length, fix);
}

/** Parses comma-separated regular expressions, without invalid ones. */
export function parsePatterns(text: string): Parsed<readonly RegExp[]> {
  const entries = entriesOf(text);
  const value = entries.flatMap((entry) => {
    try {
      return [new RegExp(entry)];
    } catch {
      return [];
    }
  });
  const fix = 'use JavaScript regular expressions such as /healthz$';
  return withoutInvalid(value, entries.length, entries.length - value.length, fix);
}

/**
 * Parses comma-separated names, or regular expressions that match whole names in any case, as in
 * OpenTelemetry Python. Leaves out invalid entries.
 */
export function parseNames(text: string): Parsed<readonly (string | RegExp)[]> {
  const entries = entriesOf(text);
  const value = entries.flatMap((entry): (string | RegExp)[] => {
    if (/^[\w-]+$/.test(entry)) return [entry];
    try {
      return [new RegExp(`^(?:${entry})$`, 'i')];
    } catch {
      return [];
    }
  });
  const fix = 'use names or regular expressions such as X-.*';
  return withoutInvalid(value, entries.length, entries.length - value.length, fix);
}

/** Returns a list with a warning about its invalid entries, which it lacks. */
function withoutInvalid<T>(value: T, total: number, invalid: number, fix: string): Parsed<T> {
  if (invalid === 0) return { value };
  const problem = `has ${invalid} invalid ${invalid === 1 ? 'entry' : 'entries'} of ${total}`;
  return { value, warning: { problem, effect: 'ignoring those', fix } };
}
