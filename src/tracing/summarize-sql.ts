/** What a SQL statement does, as far as its text tells. */
export interface SqlSummary {
  /** The first word, in upper case: `SELECT`. */
  readonly operation: string;
  /** The tables it names, each once, in order of appearance. */
  readonly collections: readonly string[];
  /** `SELECT tasks`, at most 255 characters: the span's name. */
  readonly summary: string;
}

/** Comments and strings, of which nothing may be read; else a name, quoted or not, or a comma. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|(?:(?:"[^"]*"|`[^`]*`|\[[^\]]*\]|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?=["`[\p{L}_]))?)+|[,(]/gu;

const BEFORE_TABLE = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE']);
const BETWEEN = new Set([
  'IF',
  'NOT',
  'EXISTS',
  'ONLY',
  'LATERAL',
  'OR',
  'ABORT',
  'FAIL',
  'IGNORE',
  'REPLACE',
  'ROLLBACK',
]);

/**
 * Reads operation and tables out of a statement, never a value.
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query
 */
export function summarizeSql(sql: string): SqlSummary {
  let operation = '';
  const collections = new Set<string>();
  let expectsTable = false;
  let namedTable = false;
  for (const [token] of sql.matchAll(TOKEN)) {
    const word = token.toUpperCase();
    if (/^(--|\/\*|')/.test(token)) continue;
    if (operation === '') {
      operation = word;
      expectsTable = BEFORE_TABLE.has(word);
    } else if (token === ',') {
      expectsTable = namedTable;
      namedTable = false;
      continue;
    } else if (token === '(') {
      expectsTable = false;
    } else if (BEFORE_TABLE.has(word)) {
      expectsTable = true;
    } else if (expectsTable && !BETWEEN.has(word)) {
      collections.add(unquote(token));
      expectsTable = false;
      namedTable = true;
      continue;
    }
    namedTable = false;
  }
  const summary = [operation, ...collections].join(' ').slice(0, 255);
  return { operation, collections: [...collections], summary };
}

/** `"main"."tasks"` as `main.tasks`. */
function unquote(name: string): string {
  return name.replace(/["`[\]]/g, '').replace(/\s*\.\s*/g, '.');
}
