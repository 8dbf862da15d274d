/** A value that may be used, or a message for the person who wrote it. */
export type ParsedTitle =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/** The longest title, in Unicode code points: an emoji of four bytes counts as one. */
export const MAX_TITLE_LENGTH = 500;

/** Trims a title and holds it against the rules: 1 to 500 code points, no NUL character. */
export function parseTitle(input: unknown): ParsedTitle {
  if (typeof input !== 'string') return refuse('A task needs a title, written as text.');
  const title = input.trim();
  if (title === '') return refuse('Write what there is to do: the title is empty.');
  if (title.includes('\0')) return refuse('The title contains a NUL character. Remove it.');
  const length = countCodePoints(title);
  if (length > MAX_TITLE_LENGTH) {
    return refuse(
      `The title has ${length} characters. Shorten it to ${MAX_TITLE_LENGTH} or fewer, please.`,
    );
  }
  return { ok: true, value: title };
}

function refuse(message: string): ParsedTitle {
  return { ok: false, message };
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
