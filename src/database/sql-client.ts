/** A value that every engine accepts as a parameter. */
export type SqlParameter = string | number | bigint | null | Uint8Array;

/** The operation of a statement, for telemetry: its verb and its table. */
export interface QueryOperation {
  readonly name: string;
  readonly collection?: string;
}

/**
 * A client of a SQL engine. Rows are arrays, in column order.
 *
 * Placeholders are those of the engine: `?` for SQLite, `$1` for PostgreSQL.
 */
export interface SqlClient {
  /** Value of the attribute `db.system.name`. */
  readonly system: 'sqlite' | 'postgresql';
  /** Value of the attribute `db.namespace`: the database's name, if it has one. */
  readonly namespace?: string | undefined;
  /**
   * Runs one statement. Rejects with a `SqlError` when the engine refuses it, and with a `TypeError` for
   * a parameter that is not a `SqlParameter`.
   * @param operation marks a statement with a constant text, which the client may prepare
   */
  query(sql: string, params: readonly unknown[], operation?: QueryOperation): Promise<unknown[][]>;
  /**
   * Runs `work` in a transaction: commits when it resolves, rolls back when it rejects. The transactions
   * of all processes run one after another. `work` must use its own client, because this one may wait
   * for the transaction to end.
   */
  transaction<T>(work: (client: Pick<SqlClient, 'query'>) => Promise<T>): Promise<T>;
  /** Waits for a running transaction, then closes. A second call does nothing. */
  close(): Promise<void>;
}

/** Checks a parameter: Node's SQLite binds undefined as null, and PostgreSQL's driver encodes any object. */
export function isSqlParameter(value: unknown): value is SqlParameter {
  if (value === null || value instanceof Uint8Array) return true;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

/**
 * Reason of a failure.
 *
 * - `busy`: a lock, a connection or the end of the statement did not come in time
 * - `unavailable`: the disk is full, the database is read-only, or the connection was lost
 * - `refused`: the statement is wrong
 */
export type SqlErrorKind = 'busy' | 'unavailable' | 'refused';

/** Thrown when the engine did not run a statement. Contains no parameter values. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly kind: SqlErrorKind;
  /** The engine's own code, value of `db.response.status_code`: `SQLITE_FULL`, `23505`, or the system's: `ECONNREFUSED`. */
  readonly code: string;

  constructor(message: string, options: { kind: SqlErrorKind; code: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.kind = options.kind;
    this.code = options.code;
  }
}

/** Thrown when a database cannot be used. The message is human-readable and needs no stack trace. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
}

/** Thrown for a database URL that is not supported. */
export class DatabaseUrlError extends DatabaseOpenError {}
