// An open quote or comment extends to the end, so no part of a statement is scanned twice.
/** Comments and strings; names, quoted or not; punctuation. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|(?:(?:"[^"]*(?:"|$)|`[^`]*(?:`|$)|\[[^\]]*(?:\]|$)|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?=["`[\p{L}_]))?)+|[(),;]/gu;
const UNREADABLE = /^(?:--|\/\*|\$)/;

/**
 * Returns the words, names, strings, parentheses, commas and semicolons of a statement, in order.
 *
 * A quoted name keeps its quotes. A qualified name is a single token, and so is a string. Numbers,
 * operators, comments and dollar-quoted strings are omitted.
 */
export function sqlTokens(sql: string): string[] {
  const tokens = Array.from(sql.matchAll(TOKEN), ([token]) => token);
  return tokens.filter((token) => !UNREADABLE.test(token));
}

const PART = /"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)|[^\s."`[]+/g;
const PLAIN = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

/** Returns a name without unnecessary quotes: `main."my list"` for `"main"."my list"`. */
export function targetName(token: string): string {
  const parts = token.match(PART) ?? [];
  return parts
    .map((part) => (PLAIN.test(part.slice(1, -1)) ? part.replace(/["`[\]]/g, '') : part))
    .join('.');
}
