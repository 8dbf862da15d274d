import { entriesOf, type Parsed } from './variable.ts';

/**
 * Parses `key=value,key=value`, percent-encoded. One mistake discards all of it.
 * @see https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable
 */
export function parseResourceAttributes(text: string): Parsed<Readonly<Record<string, string>>> {
  const pairs = entriesOf(text).map(decodePair);
  if (pairs.every((pair) => pair !== undefined)) return { value: Object.fromEntries(pairs) };
  return { error: 'write key=value,key=value, with a comma in a value as %2C and % as %25' };
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
  const lost = pairs.length - headers.length;
  if (lost === 0) return { value };
  const fix = 'write name=value,name=value, with a comma in a value as %2C and % as %25';
  const effect = `of which ${lost} of ${pairs.length} entries cannot be read and are left out`;
  return { value, warning: { effect, fix } };
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
  if (value.length === entries.length) return { value };
  const effect = `of which ${entries.length - value.length} is no regular expression and is left out`;
  return {
    value,
    warning: { effect, fix: 'write JavaScript regular expressions, such as /healthz$' },
  };
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
  if (value.length === entries.length) return { value };
  const effect = `of which ${entries.length - value.length} of ${entries.length} entries cannot be read and are left out`;
  return { value, warning: { effect, fix: 'write names or regular expressions, such as X-.*' } };
}
