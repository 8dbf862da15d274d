/** What a SQL statement does, as far as its text tells. */
export interface SqlSummary {
  /** `SELECT`, `CREATE TABLE`; of `WITH … DELETE …` it is DELETE. Empty for an empty statement. */
  readonly operation: string;
  /** The tables it names, each once, in order of appearance, without names that it makes itself. */
  readonly collections: readonly string[];
  /** Operations and tables as they come, `INSERT archive SELECT tasks`, at most 255 characters. */
  readonly summary: string;
}

/** Comments and strings, of which nothing may be read; names, quoted or not; what structures. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$[\s\S]*?\$\1\$|(?:(?:"[^"]*"|`[^`]*`|\[[^\]]*\]|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?=["`[\p{L}_]))?)+|[(),;]/gu;
const UNREADABLE = /^(?:--|\/\*|'|\$)/;
const NAME = /^["`[\p{L}_]/u;

const QUERIES = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);
const OBJECTS = new Set(['TABLE', 'VIEW', 'INDEX', 'TRIGGER']);
const BEFORE_TABLE = new Set(['FROM', 'JOIN', 'INTO', 'USING']);
/** Between such a word, or an operation, and its table. */
const NO_TABLE = new Set(
  'IF NOT EXISTS ONLY LATERAL OR ABORT FAIL IGNORE REPLACE ROLLBACK CONCURRENTLY'.split(' '),
);
const AFTER_TABLES = new Set('WHERE GROUP ORDER HAVING LIMIT WINDOW SET RETURNING'.split(' '));

/** What stands between two parentheses, or outside of all. */
interface Level {
  /** A query of its own, in which FROM has its usual meaning; else the arguments of a function. */
  isQuery: boolean;
  /** Commas separate tables. */
  listsTables: boolean;
  /** Commas separate common table expressions, whose names come first. */
  listsExpressions: boolean;
}

/**
 * Reads operations and tables out of a statement, never a value.
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
 */
export function summarizeSql(sql: string): SqlSummary {
  const tokens = Array.from(sql.matchAll(TOKEN), ([token]) => token).filter(
    (token) => !UNREADABLE.test(token),
  );
  let operation = '';
  const parts: string[] = [];
  const collections = new Set<string>();
  const expressions = new Set<string>();
  const levels: Level[] = [createLevel(true)];
  let expects: 'table' | 'expression' | undefined;

  for (const [i, token] of tokens.entries()) {
    const word = token.toUpperCase();
    const previous = tokens[i - 1]?.toUpperCase();
    const level = levels.at(-1) ?? createLevel(true);
    const isFirst = previous === undefined || previous === ';';

    if (token === '(') {
      levels.push(createLevel(false));
    } else if (token === ')') {
      if (levels.length > 1) levels.pop();
    } else if (token === ',') {
      if (level.listsTables) expects = 'table';
      else if (level.listsExpressions) expects = 'expression';
    } else if (word === 'WITH' && (isFirst || previous === '(')) {
      level.listsExpressions = true;
      level.isQuery = true;
      expects = 'expression';
    } else if (isFirst || (QUERIES.has(word) && (word === 'SELECT' || /^[()]$/.test(previous)))) {
      Object.assign(level, createLevel(true));
      if (levels.length === 1) operation ||= word;
      parts.push(word);
      expects = word === 'UPDATE' ? 'table' : undefined;
    } else if (/^(?:CREATE|DROP|ALTER)$/.test(operation) && OBJECTS.has(word)) {
      operation = `${operation} ${word}`;
      parts.splice(-1, 1, operation);
      expects = word === 'TABLE' || word === 'VIEW' ? 'table' : undefined;
    } else if (word === 'ON' && /INDEX|TRIGGER/.test(operation) && levels.length === 1) {
      expects = 'table';
    } else if (BEFORE_TABLE.has(word) && previous !== 'DISTINCT') {
      if (tokens[i + 1] === '(' && word === 'USING') continue;
      if (word !== 'JOIN' && !level.isQuery) continue;
      level.listsTables = word === 'FROM';
      expects = 'table';
    } else if (AFTER_TABLES.has(word)) {
      level.listsTables = false;
      expects = undefined;
    } else if (expects === 'expression' && word !== 'RECURSIVE') {
      expressions.add(unquote(token));
      expects = undefined;
    } else if (expects === 'table' && NAME.test(token) && !NO_TABLE.has(word)) {
      expects = undefined;
      const name = unquote(token);
      const isFunction = tokens[i + 1] === '(' && /FROM|JOIN|,|LATERAL/.test(previous);
      if (isFunction || expressions.has(name)) continue;
      collections.add(name);
      if (!parts.slice(parts.lastIndexOf(operation)).includes(name)) parts.push(name);
    }
  }
  return { operation, collections: [...collections], summary: join(parts) };
}

function createLevel(isQuery: boolean): Level {
  return { isQuery, listsTables: false, listsExpressions: false };
}

/** `"main"."tasks"` as `main.tasks`. */
function unquote(name: string): string {
  return name.replace(/["`[\]]/g, '').replace(/\s*\.\s*/g, '.');
}

/** As many whole parts as fit into 255 characters. */
function join(parts: readonly string[]): string {
  let summary = '';
  for (const part of parts) {
    const longer = summary === '' ? part : `${summary} ${part}`;
    if (longer.length > 255) break;
    summary = longer;
  }
  return summary;
}
