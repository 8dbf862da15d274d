/** One door to a SQL engine. Rows come back as arrays, in column order. */
export interface SqlClient {
  /** Value of the attribute `db.system.name`. */
  readonly system: 'sqlite' | 'postgresql';
  /** Value of the attribute `db.namespace`: the database's name, where it has one. */
  readonly namespace?: string | undefined;
  query(sql: string, params: readonly unknown[]): Promise<unknown[][]>;
  /**
   * Runs `work` in a transaction: commits when it resolves, rolls back when it rejects. Statements
   * that other callers send meanwhile wait until it ends.
   */
  transaction<T>(work: (client: Pick<SqlClient, 'query'>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
