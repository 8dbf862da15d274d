/**
 * Parsers of Go's textual values, which Jaeger's parameters are. Each throws an error with Go's
 * message when the text is not valid.
 */

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Parses what `strconv.ParseBool` accepts. */
export function parseGoBool(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new Error(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

/**
 * Parses a decimal integer.
 * @param goFunction the function that the error names
 */
export function parseGoInt(text: string, goFunction = 'ParseInt'): number {
  if (!/^[+-]?\d+$/.test(text)) {
    throw new Error(`strconv.${goFunction}: parsing ${quote(text)}: invalid syntax`);
  }
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new Error(`strconv.${goFunction}: parsing ${quote(text)}: value out of range`);
}

/** Parses a decimal number. */
export function parseGoFloat(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new Error(`strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`);
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?<fraction>\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Parses an RFC 3339 time. @returns milliseconds since 1970, with fractions */
export function parseGoTime(text: string): number {
  const match = RFC_3339.exec(text);
  const fraction = match?.groups?.fraction ?? '';
  const whole = match ? Date.parse(text.replace(fraction, '')) : Number.NaN;
  if (!Number.isNaN(whole)) return whole + Number(`0${fraction}`) * 1_000;
  const layout = '2006-01-02T15:04:05.999999999Z07:00';
  throw new Error(`parsing time ${quote(text)} as "${layout}": cannot parse ${quote(text)}`);
}

const UNIT_MILLIS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5
  μs: 1e-3, // U+03BC
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Parses a duration such as `1.5s` or `1m30s`. @returns milliseconds */
export function parseGoDuration(text: string): number {
  if (text === '0') return 0;
  if (!/^[+-]?(?:[\d.]{1,20}[a-zµμ]{1,2}){1,8}$/.test(text)) {
    throw new Error(`time: invalid duration ${quote(text)}`);
  }
  let millis = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/([\d.]{1,20})([a-zµμ]{1,2})/g)) {
    const factor = UNIT_MILLIS[unit];
    if (factor === undefined) {
      throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    }
    millis += Number(number) * factor;
  }
  if (Number.isNaN(millis)) throw new Error(`time: invalid duration ${quote(text)}`);
  return text.startsWith('-') ? -millis : millis;
}

/**
 * Parses a trace id of up to 32 hexadecimal digits.
 * @returns 32 digits in lower case
 */
export function parseTraceId(text: string): string {
  if (text === '') throw new Error('TraceID cannot be empty');
  if (text.length > 32) {
    throw new Error(`TraceID cannot be longer than 32 hex characters: ${text.slice(0, 100)}`);
  }
  if (!/^[\da-f]+$/i.test(text)) {
    throw new Error(`strconv.ParseUint: parsing ${quote(text)}: invalid syntax`);
  }
  return text.toLowerCase().padStart(32, '0');
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
