/**
 * One door to a SQL engine. Rows come back as arrays, in column order.
 *
 * Parameters are strings, numbers, bigints, null or bytes (`Uint8Array`), written as the engine
 * writes placeholders: `?` for SQLite, `$1` for PostgreSQL.
 */
export interface SqlClient {
  /** Value of the attribute `db.system.name`. */
  readonly system: 'sqlite' | 'postgresql';
  /** Value of the attribute `db.namespace`: the database's name, where it has one. */
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
   * Runs `work` in a transaction: commits when it resolves, rolls back when it rejects. Statements
   * that other callers send meanwhile wait until it ends, so `work` uses the client that it is
   * given and never this one, which would wait for ever.
   */
  transaction<T>(work: (client: Pick<SqlClient, 'query'>) => Promise<T>): Promise<T>;
  /** Waits for a running transaction, then closes. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * What became of a statement: `busy`, others held a lock for as long as it was worth waiting;
 * `unavailable`, the machine is to blame (disk full, file read-only, connection lost); `refused`,
 * the statement is.
 */
export type SqlErrorKind = 'busy' | 'unavailable' | 'refused';

/** A statement that the engine did not carry out. Contains no value of a parameter. */
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
