import { safely } from '../safely.ts';
import { addTraceComment } from './sql-comment.ts';
import { postgresql, schemaOf } from './sql-database.ts';
import { createSqlTracer, type SqlTracer, type TraceDriverOptions } from './sql-tracer.ts';
import { inTransaction } from './transactions.ts';
import { type Method, type Replacement, wrapDriver } from './wrap-driver.ts';

/** The part of a `sql` function of postgres.js that is traced. */
export interface PostgresDriver {
  (...args: never[]): unknown;
  unsafe(...args: never[]): unknown;
}

/** A query of postgres.js, or a fragment. It runs when it is awaited, by a call of `handler`. */
interface PostgresQuery {
  readonly tagged: boolean;
  strings: readonly string[];
  readonly args: readonly unknown[];
  readonly options: { readonly prepare?: boolean };
  readonly cursorFn?: unknown;
  readonly forEachFn?: unknown;
  handler: ((query: PostgresQuery) => unknown) & { debug?: unknown };
  resolve: (value: unknown) => unknown;
  reject: (error: unknown) => unknown;
}

interface PostgresSettings {
  readonly host?: readonly string[];
  readonly port?: readonly number[];
  readonly database?: string;
  readonly connection?: { readonly search_path?: string; readonly options?: string };
}

/**
 * Returns the `sql` function of postgres.js with a CLIENT span and a duration for each query. These are
 * tagged templates, `unsafe()` and `file()`, also within `begin()`, `savepoint()` and `reserve()`. It has
 * the type of the original.
 *
 * Queries stay lazy and are recorded when they run. The BEGIN and COMMIT of `begin()` are not recorded.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/postgresql/
 * @example
 * ```ts
 * import { tracePostgres } from 'hono-opentelemetry/sql';
 * import postgres from 'postgres';
 *
 * const sql = tracePostgres(postgres('postgres://localhost/shop'));
 * const findUser = (id: number) => sql`select * from users where id = ${id}`;
 * ```
 */
export function tracePostgres<Sql extends PostgresDriver>(
  sql: Sql,
  options: TraceDriverOptions = {},
): Sql {
  const { host, port, database, connection } =
    (sql as { options?: PostgresSettings }).options ?? {};
  const path = connection?.search_path;
  const schema = schemaOf(path ? `search_path=${path}` : connection?.options);
  const tracer = createSqlTracer(postgresql(database, host?.[0], port?.[0], schema), options);

  function traceScope<Scope extends object>(scope: Scope): Scope {
    const query: Replacement = (run, ...args) => traceQuery(run(...args), tracer, options);
    return wrapDriver(
      scope,
      {
        unsafe: query,
        file: query,
        begin(begin, ...args) {
          const run = () => begin(...args.map(traceWork));
          return options.transactions ? inTransaction(tracer, run) : run();
        },
        savepoint: (savepoint, ...args) => savepoint(...args.map(traceWork)),
        reserve: async (reserve, ...args) => traceScope((await reserve(...args)) as object),
      },
      (...args) => query(scope as unknown as Method, ...(args as never[])),
    );
  }

  /** Gives a callback of `begin()` a traced scope. */
  function traceWork(work: unknown): unknown {
    if (typeof work !== 'function') return work;
    return (scope: object) => work(traceScope(scope));
  }

  return traceScope(sql);
}

/** Makes a query start a statement when it runs. Other results of `sql()` are returned unchanged. */
function traceQuery(query: unknown, tracer: SqlTracer, options: TraceDriverOptions): unknown {
  if (!isQuery(query)) return query;
  const { handler } = query;
  const run = (running: PostgresQuery) => {
    // Members of a query are not documented: a version without them is not traced.
    safely(() => startQuery(running, tracer, options));
    return handler.call(running, running);
  };
  query.handler = Object.assign(run, { debug: handler.debug });
  return query;
}

function startQuery(
  query: PostgresQuery,
  tracer: SqlTracer,
  { comments = false }: TraceDriverOptions,
): void {
  const hasParameters = query.args.length > 0;
  const statement = tracer.start(textOf(query, { count: 0 }), { hasParameters });
  if (statement === undefined) return;
  observe(query, 'resolve', (result) => statement.endWith(result, () => rowsOf(result, query)));
  observe(query, 'reject', (error) => statement.fail(error));
  const [text] = query.strings;
  if (comments && !query.tagged && !query.options.prepare && text !== undefined) {
    query.strings = [addTraceComment(text, statement)];
  }
}

function isQuery(value: unknown): value is PostgresQuery {
  const { handler, strings } = (value ?? {}) as Partial<PostgresQuery>;
  return typeof handler === 'function' && Array.isArray(strings);
}

/** Calls `listener` before a query is settled. */
function observe(
  query: PostgresQuery,
  name: 'resolve' | 'reject',
  listener: (value: unknown) => void,
): void {
  let settle = query[name];
  function settleObserved(value: unknown): unknown {
    listener(value);
    return settle(value);
  }
  if (!query.cursorFn) {
    query[name] = settleObserved;
    return;
  }
  // A cursor replaces the functions of its query with each page.
  Object.defineProperty(query, name, {
    configurable: true,
    enumerable: true,
    get: () => settleObserved,
    set: (replaced) => {
      settle = replaced;
    },
  });
}

/**
 * Returns the text of a query: `$1` for a value, the text of a fragment, the name of an identifier. What
 * a helper such as `sql(rows)` writes is known to the driver only, and is `?`.
 */
function textOf({ tagged, strings, args }: PostgresQuery, values: { count: number }): string {
  if (!tagged) return strings[0] ?? '';
  const texts = args.map((arg) => {
    if (isQuery(arg)) return textOf(arg, values);
    const name = (arg as { constructor?: { name?: string } } | null)?.constructor?.name;
    if (name === 'Identifier') return (arg as { value: string }).value;
    if (name === 'Builder') return '?';
    values.count += 1;
    return `$${values.count}`;
  });
  return strings.reduce((text, string, i) => text + texts[i - 1] + string);
}

/** Returns the number of rows, unless the query has passed them on in chunks. */
function rowsOf(result: unknown, { cursorFn, forEachFn }: PostgresQuery): number | undefined {
  if (!Array.isArray(result) || cursorFn || forEachFn) return undefined;
  if ('command' in result) return result.length;
  // The results of several statements.
  return result.reduce<number>((sum, { length = 0 }) => sum + length, 0);
}
