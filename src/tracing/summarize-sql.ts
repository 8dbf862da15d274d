import { sqlTokens, unquoteName } from './sql-tokens.ts';

/** What a SQL statement does, as far as its text tells. */
export interface SqlSummary {
  /** `SELECT`, `CREATE TABLE`; of `WITH … DELETE …` it is DELETE. Empty for an empty statement. */
  readonly operation: string;
  /** The tables it names, each once, in order of appearance, without names that it makes itself. */
  readonly collections: readonly string[];
  /** Operations and tables as they come, `INSERT archive SELECT tasks`, at most 255 characters. */
  readonly summary: string;
}

/** `expression` is the name of a common table expression. */
type Expected = 'table' | 'expression' | undefined;

/** What stands between two parentheses, or outside of all. */
interface Level {
  readonly outer?: Level;
  /** A query of its own, in which FROM has its usual meaning; else the arguments of a function. */
  isQuery: boolean;
  /** What its commas separate. */
  lists?: Expected;
}

const QUERIES = words('SELECT INSERT UPDATE DELETE MERGE');
const DEFINITIONS = words('CREATE DROP ALTER');
const OBJECTS = words('TABLE VIEW INDEX TRIGGER');
const BEFORE_TABLE = words('FROM JOIN INTO USING');
const AFTER_TABLES = words('WHERE GROUP ORDER HAVING LIMIT WINDOW SET RETURNING');
/** Between such a word, or an operation, and what it expects. */
const FILLERS = words(
  'IF NOT EXISTS ONLY LATERAL RECURSIVE OR ABORT FAIL IGNORE REPLACE ROLLBACK CONCURRENTLY',
);

/**
 * Reads operations and tables out of a statement, never a value.
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
 */
export function summarizeSql(sql: string): SqlSummary {
  const tokens = sqlTokens(sql);
  const parts: string[] = [];
  const collections = new Set<string>();
  const expressions = new Set<string>();
  /** Tables that stand in the summary since the last operation. */
  const named = new Set<string>();
  let operation = '';
  let level: Level = { isQuery: true };
  let expected: Expected;

  function beginQuery(word: string): void {
    level.isQuery = true;
    level.lists = undefined;
    expected = word === 'UPDATE' ? 'table' : undefined;
    if (level.outer === undefined) operation ||= word;
    parts.push(word);
    named.clear();
  }

  function addTable(name: string): void {
    collections.add(name);
    if (!named.has(name)) parts.push(name);
    named.add(name);
  }

  for (const [i, token] of tokens.entries()) {
    const word = token.toUpperCase();
    const previous = tokens[i - 1]?.toUpperCase() ?? ';';
    const isCall = tokens[i + 1] === '(';

    if (token === '(') {
      level = { isQuery: false, outer: level };
    } else if (token === ')') {
      level = level.outer ?? level;
    } else if (token === ',') {
      expected = level.lists ?? expected;
    } else if (token === ';') {
      expected = undefined;
    } else if (word === 'WITH' && (previous === ';' || previous === '(')) {
      level.isQuery = true;
      level.lists = expected = 'expression';
    } else if (previous === ';' || beginsQuery(word, previous)) {
      beginQuery(word);
    } else if (DEFINITIONS.has(operation) && OBJECTS.has(word)) {
      operation = `${operation} ${word}`;
      parts.splice(-1, 1, operation);
      expected = word === 'TABLE' || word === 'VIEW' ? 'table' : undefined;
    } else if (word === 'ON' && /INDEX|TRIGGER/.test(operation) && level.outer === undefined) {
      expected = 'table';
    } else if (BEFORE_TABLE.has(word) && previous !== 'DISTINCT') {
      if (!level.isQuery && word !== 'JOIN') continue;
      if (word === 'USING' && isCall) continue;
      if (word === 'FROM') level.lists = 'table';
      expected = 'table';
    } else if (AFTER_TABLES.has(word)) {
      level.lists = expected = undefined;
    } else if (expected !== undefined && !FILLERS.has(word)) {
      const name = unquoteName(token);
      const isFunction = isCall && /FROM|JOIN|,|LATERAL/.test(previous);
      if (expected === 'expression') expressions.add(name);
      else if (!isFunction && !expressions.has(name)) addTable(name);
      expected = undefined;
    }
  }
  return { operation, collections: [...collections], summary: join(parts) };
}

/** Whether a word is an operation here: `UPDATE` is none in `FOR UPDATE`, nor `replace(…)`. */
function beginsQuery(word: string, previous: string): boolean {
  return word === 'SELECT' || (QUERIES.has(word) && (previous === '(' || previous === ')'));
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

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
