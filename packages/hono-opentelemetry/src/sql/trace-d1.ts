import { countRows } from './count-rows.ts';
import { SQLITE } from './sql-database.ts';
import { createSqlTracer, runStatement, type TraceDriverOptions } from './sql-tracer.ts';
import { startBatch } from './statement-batch.ts';
import { type Replacement, wrapDriver } from './wrap-driver.ts';

/** The part of a D1 database that is traced. */
export interface D1Driver {
  prepare(...args: never[]): object;
  batch(...args: never[]): unknown;
}

/** A statement behind its stand-in. `batch()` needs the original. */
interface Prepared {
  readonly statement: object;
  readonly sql: string;
  readonly hasParameters: boolean;
}

/**
 * Returns a D1 database of Cloudflare Workers that records a CLIENT span and a duration for each statement
 * that is run, and for each batch. It has the type of the database; so have its sessions.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 * @example
 * ```ts
 * import { drizzle } from 'drizzle-orm/d1';
 * import { traceD1 } from 'hono-opentelemetry/sql';
 *
 * type D1 = Parameters<typeof drizzle>[0];
 * const connect = (env: { DB: D1 }) => drizzle(traceD1(env.DB));
 * ```
 */
export function traceD1<Driver extends D1Driver>(
  driver: Driver,
  options: Omit<TraceDriverOptions, 'transactions' | 'comments'> = {},
): Driver {
  const tracer = createSqlTracer(SQLITE, options);
  /** Originals of the stand-ins, for `batch()`. */
  const originals = new WeakMap<object, Prepared>();

  function traceSession<Session extends object>(session: Session): Session {
    return wrapDriver(session, {
      prepare: (prepare, ...args: [sql: string]) => {
        const [sql] = args;
        return traceStatement({ statement: prepare(...args) as object, sql, hasParameters: false });
      },
      batch(batch, statements: object[], ...rest) {
        if (!Array.isArray(statements)) return batch(statements, ...rest);
        const prepared = statements.map(
          (each) => originals.get(each) ?? { statement: each, sql: '', hasParameters: false },
        );
        const statement = startBatch(tracer, prepared);
        const unwrapped = prepared.map(({ statement }) => statement);
        return runStatement(statement, () => batch(unwrapped, ...rest), countRows);
      },
      exec: (exec, ...args) => runStatement(tracer.start(args[0]), () => exec(...args)),
      withSession: (open, ...args) => traceSession(open(...args) as object),
    });
  }

  function traceStatement(prepared: Prepared): object {
    const { statement, sql } = prepared;
    function trace(rowsOf: (result: unknown) => number | undefined): Replacement {
      return (run, ...args) =>
        runStatement(tracer.start(sql, prepared), () => run(...args), rowsOf);
    }
    const wrapped = wrapDriver(statement, {
      bind: (bind, ...values) =>
        traceStatement({
          statement: bind(...values) as object,
          sql,
          hasParameters: values.length > 0,
        }),
      run: trace(countRows),
      all: trace(countRows),
      raw: trace((rows) => (rows as unknown[]).length),
      first: trace((row) => (row === null ? 0 : 1)),
    });
    originals.set(wrapped, prepared);
    return wrapped;
  }

  return traceSession(driver);
}
