// Strings, quoted names, comments and words of a statement; everything else is one character.
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*(?:`|$)|--[^\n]*|\/\*[^*]*(?:\*\/|$)|\w+|\s+|./gs;
const CLAUSE =
  /^(?:FROM|WHERE|GROUP|ORDER|HAVING|LIMIT|OFFSET|RETURNING|SET|VALUES|UNION|LEFT|RIGHT|INNER|CROSS|JOIN|ON)$/i;
const JOINED = /^(?:LEFT|RIGHT|INNER|CROSS|OUTER)$/i;
const MAX_LENGTH = 20_000;

/** Starts a new line before each clause of a statement; text within quotes and brackets stays. */
export function layOutSql(sql: string): string {
  if (sql.length > MAX_LENGTH || sql.includes('\n')) return sql;
  let depth = 0;
  let previous = '';
  let text = '';
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === '(') depth += 1;
    if (token === ')') depth = Math.max(0, depth - 1);
    const isSpace = token.trim() === '';
    if (depth === 0 && CLAUSE.test(token) && !JOINED.test(previous) && text !== '') {
      text = `${text.trimEnd()}\n${/^ON$/i.test(token) ? '  ' : ''}`;
    }
    text += isSpace ? ' ' : token;
    if (!isSpace) previous = token;
  }
  return text.trim();
}
