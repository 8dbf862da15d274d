/**
 * A connection to a SQL engine. Rows are arrays, in column order.
 *
 * Parameters are strings, numbers, bigints, null or bytes (`Uint8Array`). Placeholders are those of
 * the engine: `?` for SQLite, `$1` for PostgreSQL.
 */
export interface SqlClient {
  /** Value of the attribute `db.system.name`. */
  readonly system: 'sqlite' | 'postgresql';
  /** Value of the attribute `db.namespace`: the database's name, if it has one. */
  readonly namespace?: string | undefined;
  /**
   * Runs one statement. Rejects with a `SqlError` when the engine refuses it.
   * @param operation what the statement does, for telemetry
   */
  query(
    sql: string,
    params: readonly unknown[],
    operation?: { readonly name: string; readonly collection?: string },
  ): Promise<unknown[][]>;
  /**
   * Runs `work` in a transaction: commits when it resolves, rolls back when it rejects. Statements of
   * other callers wait until it ends, so `work` must use its own client: this one would wait forever.
   */
  transaction<T>(work: (client: Pick<SqlClient, 'query'>) => Promise<T>): Promise<T>;
  /** Waits for a running transaction, then closes. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Reason of a failure: `busy`, others held a lock for too long; `unavailable`, the machine failed
 * (disk full, file read-only, connection lost); `refused`, the statement is wrong.
 */
export type SqlErrorKind = 'busy' | 'unavailable' | 'refused';

/** Thrown when the engine did not run a statement. Contains no parameter values. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly kind: SqlErrorKind;
  /** The engine's own code, value of `db.response.status_code`: `SQLITE_FULL`, `23505`. */
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
