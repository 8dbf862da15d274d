import type { Parsed } from './parsed.ts';

/** The longest title, in Unicode code points: an emoji of four bytes counts as one. */
export const MAX_TITLE_LENGTH = 500;

/**
 * The rules of `parseTitle()` as a regular expression with the flag `u`, for those who describe what
 * is taken: JSON Schema's `pattern`.
 */
export const TITLE_PATTERN = `^(?=[^]*[^\\s\\p{Z}\\p{Cf}])\\s*[^\\s\\u0000\\ud800-\\udfff](?:[^\\u0000\\ud800-\\udfff]{0,${MAX_TITLE_LENGTH - 2}}[^\\s\\u0000\\ud800-\\udfff])?\\s*$`;

/**
 * Trims a title and holds it against the rules: 1 to 500 code points, one that can be seen among them, no NUL character, which
 * databases cut texts at, and no half of a surrogate pair, which has no bytes in UTF-8.
 */
export function parseTitle(input: unknown): Parsed<string> {
  if (typeof input !== 'string') return refuse('A task needs a title, written as text.');
  const title = input.trim();
  // Nothing but spaces and characters that nobody sees.
  if (/^[\p{Z}\p{Cf}\s]*$/u.test(title))
    return refuse('Write what there is to do: the title is empty.');
  if (title.includes('\0')) return refuse('The title contains a NUL character. Remove it.');
  if (!title.isWellFormed()) return refuse('The title contains half of a character. Remove it.');
  const length = countCodePoints(title);
  if (length > MAX_TITLE_LENGTH) {
    return refuse(
      `The title has ${length} characters. Shorten it to ${MAX_TITLE_LENGTH} or fewer, please.`,
    );
  }
  return { ok: true, value: title };
}

function refuse(message: string): Parsed<string> {
  return { ok: false, message };
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
