import { SQLITE } from './sql-database.ts';
import {
  createSqlTracer,
  type RunningStatement,
  runStatement,
  type TraceDriverOptions,
} from './sql-tracer.ts';
import { followTransactions, inTransaction } from './transactions.ts';
import { type Method, type Replacement, wrapDriver } from './wrap-driver.ts';

/** The part of a synchronous SQLite database that is traced. */
export interface SqliteDriver {
  prepare(...args: never[]): object;
}

/**
 * Returns a database of `node:sqlite`, `bun:sqlite` or `better-sqlite3` that records a CLIENT span and a
 * duration for each statement that is run. It has the type of the driver and stays synchronous.
 *
 * A statement is recorded when it runs, not when it is prepared; an iterator, until it is exhausted or
 * closed. So are the template tags of node:sqlite's `createTagStore()`. The BEGIN and COMMIT that `transaction()` of a driver sends are not recorded.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite';
 * import { traceSqlite } from 'hono-opentelemetry/sql';
 *
 * const database = traceSqlite(new DatabaseSync(':memory:'));
 * console.log(database.prepare('SELECT 1 AS one').get()?.one); // 1
 * ```
 */
export function traceSqlite<Driver extends SqliteDriver>(
  driver: Driver,
  options: TraceDriverOptions = {},
): Driver {
  const { transactions = false } = options;
  const plain = createSqlTracer(SQLITE, options);
  const tracer = transactions ? followTransactions(plain) : plain;
  /** Stand-ins by statement: bun:sqlite returns the same statement for the same text. */
  const statements = new WeakMap<object, object>();

  /** Prepares a statement, and records one that the database refuses. */
  const prepare: Replacement = (run, ...args) => {
    try {
      const statement = run(...args) as object;
      const start: Start = (...values) =>
        tracer.start(args[0], { hasParameters: values.length > 0 });
      const traced = statements.get(statement) ?? traceStatement(statement, start);
      statements.set(statement, traced);
      return traced;
    } catch (error) {
      tracer.start(args[0])?.fail(error);
      throw error;
    }
  };

  /** Traces the template tags of node:sqlite, which get the parts of the text and the values. */
  const createTagStore: Replacement = (create, ...args) =>
    traceStatement(create(...args) as object, (parts, ...values) =>
      tracer.start((parts as string[])?.join?.('?'), { hasParameters: values.length > 0 }),
    );

  /** Runs a text. `run()` of Bun takes parameters. */
  const exec: Replacement = (run, ...args) =>
    runStatement(tracer.start(args[0], { hasParameters: args.length > 1 }), () => run(...args));

  /** Traces the function that `transaction()` returns, and its variants such as `immediate`. */
  const transaction: Replacement = (create, ...args) => {
    const run = create(...args) as Method & Readonly<Record<string, Method>>;
    const trace = (variant: Method): Method =>
      function runTransaction(this: unknown, ...values) {
        return inTransaction(plain, () => Reflect.apply(variant, this, values));
      };
    const traced = trace(run);
    for (const name of ['default', 'deferred', 'immediate', 'exclusive']) {
      const variant = run[name];
      if (variant) Object.defineProperty(traced, name, { value: trace(variant) });
    }
    return Object.defineProperty(traced, 'database', { value: wrapped, enumerable: true });
  };

  const wrapped = wrapDriver(driver, {
    ...{ prepare, query: prepare, exec, run: exec, createTagStore },
    ...(transactions && { transaction }),
  });
  return wrapped;
}

/** Starts a statement with the arguments of a method that runs it. */
type Start = (...args: unknown[]) => RunningStatement | undefined;

function traceStatement(statement: object, start: Start): object {
  function trace(rowsOf?: (result: unknown) => number): Replacement {
    return (run, ...args) => runStatement(start(...args), () => run(...args), rowsOf);
  }
  const all = trace((rows) => (rows as unknown[]).length);
  return wrapDriver(statement, {
    run: trace(),
    get: trace((row) => (row === undefined || row === null ? 0 : 1)),
    all,
    values: all,
    // `raw()` of better-sqlite3 changes the shape of rows and runs nothing.
    ...(!('pluck' in statement) && { raw: all }),
    iterate(iterate, ...values) {
      const running = start(...values);
      try {
        const iterator = iterate(...values) as object;
        return running ? traceIterator(iterator, running) : iterator;
      } catch (error) {
        running?.fail(error);
        throw error;
      }
    },
  });
}

/** Returns an iterator that ends a statement when it is exhausted or closed. */
function traceIterator(iterator: object, statement: RunningStatement): object {
  let rows = 0;
  const step: Replacement = (run, ...args) => {
    try {
      const result = run(...args) as IteratorResult<unknown>;
      if (result.done) statement.end(rows);
      else rows += 1;
      return result;
    } catch (error) {
      statement.fail(error);
      throw error;
    }
  };
  return wrapDriver(iterator, { next: step, return: step, throw: step });
}
