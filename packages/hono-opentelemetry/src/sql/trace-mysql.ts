import { endWithCallback, passResult } from './callback.ts';
import { hasValues } from './has-values.ts';
import { addTraceComment } from './sql-comment.ts';
import type { SqlDatabase } from './sql-database.ts';
import { MYSQL } from './sql-tokens.ts';
import {
  createSqlTracer,
  type RunningStatement,
  runStatement,
  type SqlTracer,
  type TraceDriverOptions,
} from './sql-tracer.ts';
import { followTransactions } from './transactions.ts';
import { type Method, type Replacement, wrapDriver } from './wrap-driver.ts';

/** The part of a connection or a pool of `mysql2` or `mysql2/promise` that is traced. */
export interface MysqlDriver {
  query(...args: never[]): unknown;
  execute(...args: never[]): unknown;
}

interface MysqlSettings {
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
}

/** The settings of a client. A promise client wraps its client, and a pool keeps those of its connections. */
interface MysqlClient {
  readonly config?: MysqlSettings & { readonly connectionConfig?: MysqlSettings };
  readonly connection?: MysqlClient;
  readonly pool?: MysqlClient;
  /** The first packet from the server. */
  readonly _handshakePacket?: { readonly serverVersion?: string } | null;
  readonly _allConnections?: { get(index: number): MysqlClient | undefined };
}

interface Command {
  emit(event: string, ...args: unknown[]): boolean;
}

/**
 * Returns a connection or a pool of `mysql2`, with callbacks or promises, that records a CLIENT span and a
 * duration for each statement. It has the type of the driver, which itself is not changed. Connections of
 * a traced pool, its `promise()` and prepared statements are traced.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/mysql/
 * @example
 * ```ts
 * import { drizzle } from 'drizzle-orm/mysql2';
 * import { traceMysql } from 'hono-opentelemetry/sql';
 * import { createPool } from 'mysql2/promise';
 *
 * const db = drizzle(traceMysql(createPool('mysql://localhost/shop')));
 * ```
 */
export function traceMysql<Driver extends MysqlDriver>(
  driver: Driver,
  options: TraceDriverOptions = {},
): Driver {
  const client = clientOf(driver as MysqlClient);
  const tracer = createServerTracer(client, options);
  /** Stand-ins by object: the same connection of a pool is the same at each checkout. */
  const known = new WeakMap<object, object>();
  const originals = new WeakMap<object, object>();

  function traced(target: unknown): unknown {
    if (typeof target !== 'object' || target === null) return target;
    const wrapped = known.get(target) ?? traceTarget(target);
    known.set(target, wrapped);
    originals.set(wrapped, target);
    return wrapped;
  }

  function traceTarget(target: object): object {
    const isPool = 'getConnection' in target;
    const transactions = options.transactions && !isPool ? followTransactions(tracer) : undefined;
    const own = transactions ?? tracer;
    /** Traces a method of a connection that sends its own statement. */
    function traceSent(sql: string): Replacement {
      return (run, ...args) => sendTraced(own.start(sql), args, run);
    }
    return wrapDriver(target, {
      query: traceStatements(own, options.comments),
      execute: traceStatements(own),
      ...(transactions && {
        release: transactions.release,
        end: transactions.release,
        destroy: transactions.release,
      }),
      ...(!isPool && {
        beginTransaction: traceSent('START TRANSACTION'),
        commit: traceSent('COMMIT'),
        rollback: traceSent('ROLLBACK'),
      }),
      promise: (promise, ...args) => traced(promise(...args)),
      getConnection: (get, ...args) => passResult(get, args, traced),
      releaseConnection: (release, connection: object) =>
        release(originals.get(connection) ?? connection),
      prepare: (prepare, ...args) =>
        passResult(prepare, args, (prepared) => tracePrepared(prepared, args[0], own)),
    });
  }

  return traced(driver) as Driver;
}

/** Returns the client or the pool behind one of `mysql2/promise`. */
function clientOf(driver: MysqlClient): MysqlClient {
  const inner = driver.config ? undefined : (driver.connection ?? driver.pool);
  return inner ? clientOf(inner) : driver;
}

/** Creates a tracer that names MariaDB as soon as a connection knows that it is the server. */
function createServerTracer(client: MysqlClient, options: TraceDriverOptions): SqlTracer {
  const { host, port, database } = client.config?.connectionConfig ?? client.config ?? {};
  const mysql: SqlDatabase = {
    system: 'mysql',
    namespace: database,
    address: host,
    port: port === 3306 ? undefined : port,
    dialect: MYSQL,
  };
  let tracer = createSqlTracer(mysql, options);
  let isKnown = false;

  function current(): SqlTracer {
    const connection = client._allConnections ? client._allConnections.get(0) : client;
    const version = isKnown ? undefined : connection?._handshakePacket?.serverVersion;
    if (version !== undefined) {
      isKnown = true;
      if (/mariadb/i.test(version))
        tracer = createSqlTracer({ ...mysql, system: 'mariadb' }, options);
    }
    return tracer;
  }

  return {
    start: (sql, facts) => current().start(sql, facts),
    startSpan: (name) => current().startSpan(name),
  };
}

/** Traces `query()` or `execute()`. */
function traceStatements(tracer: SqlTracer, comments = false): Replacement {
  return (run, ...args: unknown[]) => {
    const [first, second] = args;
    const { sql = first, values = second } = (first ?? {}) as { sql?: unknown; values?: unknown };
    const statement = tracer.start(sql, { hasParameters: hasValues(values) });
    if (statement && comments) {
      const text = addTraceComment(String(sql), statement);
      if (typeof first === 'string') args[0] = text;
      // A query object of the driver has its own class.
      else if (Object.getPrototypeOf(first) === Object.prototype) {
        args[0] = { ...(first as object), sql: text };
      }
    }
    return sendTraced(statement, args, run);
  };
}

/** Runs a statement that ends with a callback, a promise, or the events of a command. */
function sendTraced(
  statement: RunningStatement | undefined,
  args: unknown[],
  run: Method,
): unknown {
  if (statement === undefined) return run(...args);
  const hasCallback = endWithCallback(args, statement, rowsOf);
  const result = runStatement(statement, () => run(...args), undefined, true);
  if (hasCallback) return result;
  // A command has a `then()`, too, which throws.
  if (typeof (result as Command | undefined)?.emit === 'function') {
    observeCommand(result as Command, statement);
    return result;
  }
  return runStatement(
    statement,
    () => result,
    (value) => rowsOf(value as unknown[]),
  );
}

/** Ends a statement with the events of its command. A listener of errors would hide them. */
function observeCommand(command: Command, statement: RunningStatement): void {
  const emit = command.emit;
  const value = function emitObserved(this: unknown, event: string, ...args: unknown[]) {
    if (event === 'error') statement.fail(args[0]);
    else if (event === 'end') statement.end();
    return Reflect.apply(emit, this, [event, ...args]);
  };
  Object.defineProperty(command, 'emit', { value, configurable: true, writable: true });
}

/** Traces the executions of a prepared statement. */
function tracePrepared(prepared: unknown, options: unknown, tracer: SqlTracer): unknown {
  if (!prepared) return prepared;
  const sql = (options as { sql?: unknown } | null)?.sql ?? options;
  return wrapDriver(prepared, {
    execute: (execute, ...args) =>
      sendTraced(tracer.start(sql, { hasParameters: hasValues(args[0]) }), args, execute),
  });
}

/** Returns the number of rows of a result, or of the results of several statements. */
function rowsOf([rows, fields]: readonly unknown[]): number | undefined {
  if (!Array.isArray(rows)) return undefined;
  const isSeveral = Array.isArray(fields) && fields.some((each) => !isField(each));
  if (!isSeveral) return rows.length;
  return rows.reduce<number>((sum, each) => sum + (Array.isArray(each) ? each.length : 0), 0);
}

function isField(field: unknown): boolean {
  return typeof field === 'object' && field !== null && !Array.isArray(field);
}
