/**
 * A dialect of SQL: a pattern that matches its tokens. The first group is a comment, the second a literal.
 *
 * A qualified name is a single token. Digits of a placeholder (`$1`, `?1`, `:id`) are not a literal. An open
 * quote or comment extends to the end, so no part of a statement is scanned twice.
 */
export type SqlDialect = RegExp;

export const STANDARD_SQL: SqlDialect =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|([eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$)|(?:[xXbBnN]|[uU]&)?'(?:[^']|'')*(?:'|$)|\$((?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?(?:\$\3\$|$)|\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?)|[$?]\d+|(?:(?:"[^"]*(?:"|$)|`[^`]*(?:`|$)|\[[\p{L}_][\p{L}\p{N}_$ ]*\]|[$:@]{0,2}[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?=["`[\p{L}_]))?)+|[(),;]/gu;

/**
 * The dialect of MySQL, where a double-quoted text is a string and a backslash escapes. In another mode of
 * the server, a statement loses more than necessary.
 */
export const MYSQL: SqlDialect =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|#[^\n]*)|([xXbBnN]?'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|\\?$)|\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?)|(?:(?:`[^`]*(?:`|$)|[:@]{0,2}[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?=[`\p{L}_]))?)+|[(),;]/gu;

/**
 * Returns the words, names, strings, parentheses, commas and semicolons of a statement, in order. A quoted
 * name keeps its quotes.
 */
export function sqlTokens(sql: string, dialect: SqlDialect): string[] {
  return (sql.match(dialect) ?? []).filter((token) => !/^(?:[-/#$:@?.\d]|\w+&?['"])/.test(token));
}

/**
 * Returns a statement without its values: strings and numbers become `?`, comments disappear. Names,
 * placeholders, `NULL`, `TRUE` and `FALSE` stay.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext
 */
export function sanitizeSql(sql: string, dialect: SqlDialect): string {
  const replace = (token: string, comment?: string, literal?: string) =>
    comment ? ' ' : literal ? '?' : token;
  return sql.replace(dialect, replace).trim();
}
