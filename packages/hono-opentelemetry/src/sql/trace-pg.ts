import { safely } from '../safely.ts';
import { endBefore, endWithCallback, passResult } from './callback.ts';
import { countRows } from './count-rows.ts';
import { createPoolMetrics, type PoolMetrics } from './pool-metrics.ts';
import { addTraceComment } from './sql-comment.ts';
import { postgresql, type SqlDatabase, schemaOf } from './sql-database.ts';
import {
  createSqlTracer,
  type RunningStatement,
  runStatement,
  type SqlTracer,
  type TraceDriverOptions,
} from './sql-tracer.ts';
import type { SqlOperation } from './statement-cache.ts';
import { followTransactions } from './transactions.ts';
import { type Method, type Replacement, wrapDriver } from './wrap-driver.ts';

/** The part of a `Pool` or a `Client` of `pg` that is traced. */
export interface PgDriver {
  query(...args: never[]): unknown;
  connect(...args: never[]): unknown;
}

/** A config object, or a query object such as a cursor, which has `submit()`. */
interface PgQuery {
  readonly text?: unknown;
  readonly name?: unknown;
  readonly values?: unknown;
  readonly callback?: unknown;
  readonly submit?: unknown;
  readonly operation?: SqlOperation;
  // pg-query-stream has a cursor with the text.
  readonly cursor?: { readonly text?: unknown };
}

/** The server of a client. Its constructor has read the connection string and the environment. */
interface PgSettings {
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly connectionParameters?: { readonly options?: string };
}

interface PgPool {
  readonly options?: PgSettings & { readonly max?: number };
  readonly Client?: new (options: unknown) => PgSettings;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/**
 * Returns a `Pool` or a `Client` of `pg` that records a CLIENT span and a duration for each statement, and
 * for a pool `db.client.connection.*`. It has the type of the driver, which itself is not changed:
 * promises, callbacks, transactions, prepared statements, `Query` objects and cursors work as without.
 *
 * A config object may have an `operation`, which spans then have instead of a summary of the text. Statements
 * outside of any span are not traced. The clients of a traced pool are traced; those that
 * its events pass on are not.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/postgresql/
 * @example
 * ```ts
 * import { drizzle } from 'drizzle-orm/node-postgres';
 * import { tracePg } from 'hono-opentelemetry/sql';
 * import pg from 'pg';
 *
 * const pool = new pg.Pool({ connectionString: 'postgres://localhost/shop' });
 * const db = drizzle(tracePg(pool));
 * ```
 */
export function tracePg<Driver extends PgDriver>(
  driver: Driver,
  options: TraceDriverOptions = {},
): Driver {
  return isPool(driver) ? tracePool(driver, options) : traceClient(driver, options);
}

function isPool(driver: object): driver is PgPool {
  return typeof (driver as Partial<PgPool>).totalCount === 'number';
}

function tracePool<Pool extends PgDriver & PgPool>(pool: Pool, options: TraceDriverOptions): Pool {
  const { host = 'localhost', port = 5432, ...settings } = poolSettings(pool);
  const database = databaseOf({ host, port, ...settings });
  const tracer = createSqlTracer(database, options);
  const metrics = createPoolMetrics(
    `${host}:${port}/${database.namespace ?? ''}`,
    () => ({
      idle: pool.idleCount,
      used: pool.totalCount - pool.idleCount,
      // For a moment, callers also wait when there are idle connections.
      pending: Math.max(0, pool.waitingCount - pool.idleCount),
      limit: pool.options?.max,
    }),
    options.meterProvider,
  );
  /** One stand-in per client, which is the same at each checkout. */
  const clients = new WeakMap<object, unknown>();

  function traced(client: unknown): unknown {
    if (typeof client !== 'object' || client === null) return client;
    const known = clients.get(client) ?? traceClient(client as PgDriver, options);
    clients.set(client, known);
    return known;
  }

  // The statements of `pool.query()` have a span already, so its connections are only measured.
  const measured = wrapDriver(pool, { connect: measureConnect(metrics, (client) => client) });
  const query = traceQuery(tracer, options, true);

  return wrapDriver(pool, {
    connect: measureConnect(metrics, traced),
    query: (_, ...args) => query((...own) => Reflect.apply(pool.query, measured, own), ...args),
    end(end, ...args) {
      metrics.stop();
      return end(...args);
    },
  });
}

function databaseOf({ host, port, database, connectionParameters }: PgSettings): SqlDatabase {
  return postgresql(database, host, port, schemaOf(connectionParameters?.options));
}

/** Returns what a client of the pool would connect to. Making one opens no connection. */
function poolSettings({ Client, options = {} }: PgPool): PgSettings {
  return (Client && safely(() => new Client(options))) ?? options;
}

/** Returns `pool.connect()` with a measured wait. @param wrap wraps the client it results in */
function measureConnect(metrics: PoolMetrics, wrap: (client: unknown) => unknown): Replacement {
  return (connect, ...args) => {
    metrics.observe();
    const startTime = performance.now();
    function onClient(client: unknown): unknown {
      if (client) metrics.recordWait((performance.now() - startTime) / 1000);
      return wrap(client);
    }
    return passResult(connect, args, onClient);
  };
}

function traceClient<Client extends PgDriver>(client: Client, options: TraceDriverOptions): Client {
  const tracer = createSqlTracer(databaseOf(client as PgSettings), options);
  const transactions = options.transactions ? followTransactions(tracer) : undefined;
  const wrap = (value: unknown): unknown => (value === client ? traced : value);
  const traced: Client = wrapDriver(client, {
    query: traceQuery(transactions ?? tracer, options),
    ...(transactions && { release: transactions.release, end: transactions.release }),
    // Both forms result in the client.
    connect: (connect, ...args) => passResult(connect, args, wrap),
  });
  return traced;
}

/** Returns `query()` of a pool or a client, in all of its forms, with a span. */
function traceQuery(
  tracer: SqlTracer,
  { comments = false }: TraceDriverOptions,
  isPool = false,
): (query: Method, ...args: unknown[]) => unknown {
  return function tracedQuery(query, ...args) {
    const [given, second] = args;
    const config = (typeof given === 'string' ? { text: given } : (given ?? {})) as PgQuery;
    const { text = config.cursor?.text } = config;
    const values = Array.isArray(second) ? second : config.values;
    const hasParameters = Array.isArray(values) && values.length > 0;
    const statement = tracer.start(text, { operation: config.operation, hasParameters });
    if (statement === undefined) return query(...args);

    if (typeof config.submit === 'function') {
      return runQueryObject(config, statement, (own) => query(own, ...args.slice(1)));
    }
    if (comments && config.name === undefined) {
      const commented = addTraceComment(String(text), statement);
      args[0] = typeof given === 'string' ? commented : { ...config, text: commented };
    }
    let endsLater = endWithCallback(args, statement, countRows);
    // A pool ignores the callback of a config object and returns a promise.
    if (!endsLater && !isPool && isFunction(config.callback)) {
      endsLater = true;
      const callback = endBefore(config.callback, statement, countRows);
      args[0] = { ...(args[0] as PgQuery), callback };
    }
    return runStatement(statement, () => query(...args), countRows, endsLater);
  };
}

/** Runs a `Query`, a cursor or a stream. The connection reports to it, from which its end is known. */
function runQueryObject(
  query: PgQuery,
  statement: RunningStatement,
  send: (query: PgQuery) => unknown,
): unknown {
  let rows = 0;
  const observed = wrapDriver(query, {
    handleDataRow(handle, ...message) {
      rows += 1;
      return handle(...message);
    },
    handleReadyForQuery(handle, ...message) {
      statement.end(rows);
      return handle(...message);
    },
    handleError(handle, ...message) {
      statement.fail(message[0]);
      return handle(...message);
    },
  });
  const result = runStatement(statement, () => send(observed), undefined, true);
  return result === observed ? query : result;
}

function isFunction(value: unknown): value is Method {
  return typeof value === 'function';
}
