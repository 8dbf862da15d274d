/** Comments and strings, of which nothing may be read; names, quoted or not; what structures. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$[\s\S]*?\$\1\$|(?:(?:"[^"]*"|`[^`]*`|\[[^\]]*\]|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?=["`[\p{L}_]))?)+|[(),;]/gu;
const UNREADABLE = /^(?:--|\/\*|'|\$)/;

/**
 * The words and names of a statement, its parentheses, commas and semicolons, in order.
 *
 * A quoted name keeps its quotes, a qualified one is a single token. Numbers, operators, comments
 * and everything that is a value are left out.
 */
export function sqlTokens(sql: string): string[] {
  const tokens = Array.from(sql.matchAll(TOKEN), ([token]) => token);
  return tokens.filter((token) => !UNREADABLE.test(token));
}

/** `"main"."tasks"` as `main.tasks`. */
export function unquoteName(token: string): string {
  return token.replace(/["`[\]]/g, '').replace(/\s*\.\s*/g, '.');
}
