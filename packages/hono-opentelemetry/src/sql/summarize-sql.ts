import { type SqlDialect, sqlTokens } from './sql-tokens.ts';

/** The kind of name that is expected next. `expression` names a common table expression. */
type Expected = 'target' | 'expression' | undefined;

/** The state between two parentheses, or outside of all. */
interface Level {
  readonly outer?: Level;
  /** True for a query, in which FROM has its usual meaning; false for arguments of a function. */
  isQuery: boolean;
  /** The kind of names that its commas separate. */
  lists?: Expected;
}

const QUERIES = words('SELECT INSERT UPDATE DELETE MERGE');
/** Operations followed immediately by their target. */
const BEFORE_TARGET = words('UPDATE CALL EXEC EXECUTE TRUNCATE COPY');
/** Operations whose name includes the kind of object that follows: `CREATE TABLE`. */
const DEFINITIONS = words('CREATE DROP ALTER TRUNCATE');
const OBJECTS = words('TABLE VIEW INDEX TRIGGER DATABASE SCHEMA SEQUENCE FUNCTION PROCEDURE TYPE');
const PRIVILEGES = words('GRANT REVOKE');
const BEFORE_TABLE = words('FROM JOIN INTO USING');
/** Words after which FROM begins a value: `IS DISTINCT FROM ?`, `FOR SYSTEM_TIME FROM ?`. */
const BEFORE_VALUE = words('DISTINCT SYSTEM_TIME');
const BEFORE_FUNCTION = words('FROM JOIN , LATERAL');
const AFTER_TABLES = words('WHERE GROUP ORDER HAVING LIMIT WINDOW SET RETURNING DUPLICATE');
/** Words between an operation and its target. */
const FILLERS = words(
  'IF NOT EXISTS ONLY TABLE LATERAL RECURSIVE OR ABORT FAIL IGNORE REPLACE ROLLBACK CONCURRENTLY IMMEDIATE',
);

const QUOTED_WORD = /^["`[]([\p{L}_][\p{L}\p{N}_$]*)["`\]]$/u;

/**
 * Returns the operations of a statement and their targets, in order and as written, in at most 255
 * characters: `INSERT archive SELECT tasks`. It contains no values.
 *
 * A string is a target only in the position of a table, as in `FROM 'tasks'`.
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query
 */
export function summarizeSql(sql: string, dialect: SqlDialect): string {
  const tokens = sqlTokens(sql, dialect);
  const parts: string[] = [];
  const expressions = new Set<string>();
  /** Targets in the summary since the last operation. */
  const named = new Set<string>();
  /** The latest operation, in upper case. */
  let operation = '';
  let level: Level = { isQuery: true };
  let expected: Expected;

  function begin(token: string): void {
    operation = token.toUpperCase();
    level.isQuery = true;
    level.lists = operation === 'TRUNCATE' ? 'target' : undefined;
    expected = BEFORE_TARGET.has(operation) ? 'target' : undefined;
    parts.push(token);
    named.clear();
  }

  function define(object: string): void {
    // An index and a trigger are created on a table, which is the target.
    const isOnTable = operation === 'CREATE' && (object === 'INDEX' || object === 'TRIGGER');
    expected = isOnTable ? undefined : 'target';
    level.lists = operation === 'DROP' || operation === 'TRUNCATE' ? 'target' : undefined;
    operation = `${operation} ${object}`;
  }

  function addTarget(name: string): void {
    if (!named.has(name)) parts.push(name);
    named.add(name);
  }

  let word = ';';
  for (const [i, token] of tokens.entries()) {
    const previous = word;
    word = token.toUpperCase();
    const isCall = tokens[i + 1] === '(';

    if (token === '(') {
      level = { isQuery: false, outer: level };
    } else if (token === ')') {
      level = level.outer ?? level;
    } else if (token === ',') {
      expected = level.lists ?? expected;
    } else if (token === ';') {
      expected = undefined;
    } else if (token.startsWith("'")) {
      const isTarget = expected === 'target' && level.isQuery && QUERIES.has(operation);
      if (isTarget && /^'.+'$/s.test(token)) addTarget(token);
      expected = undefined;
    } else if (PRIVILEGES.has(operation) && previous !== ';') {
      // SELECT, ON and FROM have other meanings here.
    } else if (word === 'WITH' && (previous === ';' || previous === '(')) {
      level.isQuery = true;
      level.lists = expected = 'expression';
    } else if (previous === ';' || beginsQuery(word, previous)) {
      begin(token);
    } else if (DEFINITIONS.has(operation) && OBJECTS.has(word)) {
      define(word);
      parts.push(`${parts.pop()} ${token}`);
    } else if (word === 'ON' && /INDEX|TRIGGER/.test(operation) && level.outer === undefined) {
      expected = 'target';
    } else if (BEFORE_TABLE.has(word) && !BEFORE_VALUE.has(previous) && operation !== 'COPY') {
      if (!level.isQuery && word !== 'JOIN') continue;
      if (word === 'USING' && isCall) continue;
      if (word === 'FROM') level.lists = 'target';
      expected = 'target';
    } else if (AFTER_TABLES.has(word)) {
      level.lists = expected = undefined;
    } else if (expected !== undefined && !FILLERS.has(word)) {
      const name = targetName(token);
      const isFunction = isCall && BEFORE_FUNCTION.has(previous);
      if (expected === 'expression') expressions.add(name);
      else if (!isFunction && !expressions.has(name)) addTarget(name);
      expected = undefined;
    }
  }
  return join(parts);
}

/** Returns true if a word begins a query. `UPDATE` in `FOR UPDATE` does not, nor does `replace(…)`. */
function beginsQuery(word: string, previous: string): boolean {
  return word === 'SELECT' || (QUERIES.has(word) && (previous === '(' || previous === ')'));
}

/** Returns a name without unnecessary quotes: `main."my list"` for `"main" . "my list"`. */
function targetName(token: string): string {
  const parts = token.split('.').map((part) => part.trim());
  return parts.map((part) => part.replace(QUOTED_WORD, '$1')).join('.');
}

/** Joins as many whole parts as fit into 255 characters. */
function join(parts: readonly string[]): string {
  let summary = '';
  for (const part of parts) {
    if (summary.length + part.length > 255) break;
    summary += `${part} `;
  }
  return summary.trim();
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
