/** A valid value, or a message for the user who wrote it; never contains the input. */
export type ParsedInput<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** The reason why a title is invalid. */
export interface InvalidTitle {
  readonly ok: false;
  readonly problem: 'type' | 'blank' | 'nul' | 'surrogate' | 'long';
  /** Length in code points. */
  readonly length: number;
}

export type ParsedTitle = { readonly ok: true; readonly value: string } | InvalidTitle;

/** Maximum length of a title in Unicode code points; an emoji of four bytes counts as one. */
export const MAX_TITLE_LENGTH = 500;

/** White space, as in `trim()`. Literal characters, because engines differ in escapes above U+00FF. */
const SPACE = '\\x09-\\x0d\\x20\\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
/** The general category Cf up to U+FFFF; not every engine supports its name. */
const FORMAT =
  '\\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064' +
  '\u2066-\u206f\ufff9-\ufffb';

/**
 * The rules of `parseTitle()` as two regular expressions that both must match, for JSON Schema's
 * `pattern`. They work in ECMAScript (with and without the flag `u`), Python, Java, Go and Rust. That
 * excludes two of the rules: on lone surrogates, and on titles of format characters above U+FFFF.
 */
export const TITLE_PATTERN = `^[${SPACE}]*[^${SPACE}\\x00]([^\\x00]{0,${MAX_TITLE_LENGTH - 2}}[^${SPACE}\\x00])?[${SPACE}]*$`;
/** Matches a visible character. */
export const VISIBLE_PATTERN = `[^${SPACE}${FORMAT}]`;

/**
 * Trims and validates a title: 1 to 500 code points, at least one of them visible. NUL is refused,
 * because databases truncate strings there; a lone surrogate, because UTF-8 cannot encode it.
 */
export function parseTitle(input: unknown): ParsedTitle {
  if (typeof input !== 'string') return { ok: false, problem: 'type', length: 0 };
  const value = input.trim();
  const length = countCodePoints(value);
  const problem = findProblem(value, length);
  return problem ? { ok: false, problem, length } : { ok: true, value };
}

function findProblem(title: string, length: number): InvalidTitle['problem'] | undefined {
  // Only spaces and invisible characters.
  if (/^[\p{Z}\p{Cf}\s]*$/u.test(title)) return 'blank';
  if (title.includes('\0')) return 'nul';
  if (!title.isWellFormed()) return 'surrogate';
  return length > MAX_TITLE_LENGTH ? 'long' : undefined;
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
