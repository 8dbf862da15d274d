import type { Pool } from 'pg';
import type { TaskStore } from '../tasks/index.ts';
import type { PostgresVariables } from './parse-postgres-url.ts';
import type { SqlClient } from './sql-client.ts';

/** An open database, migrated unless its server is out of reach. */
export interface Database {
  readonly store: TaskStore;
  /** The database, human-readable: `SQLite file tasks.db`. */
  readonly description: string;
  /**
   * Runs `work` while another connection holds the write lock for `millis`, for demonstrations.
   * Undefined if there cannot be another connection.
   */
  readonly withWriteLock?: (millis: number, work: () => Promise<unknown>) => Promise<void>;
  close(): Promise<void>;
}

/** Limits of a connection pool. */
export interface PoolLimits {
  /** Maximum number of connections. */
  readonly size: number;
  /** Time that a caller waits for a connection; `Infinity` for no limit. */
  readonly timeoutMs: number;
  /** Time after which the server ends a statement; `Infinity` for no limit. */
  readonly statementTimeoutMs: number;
}

/** Options of `openDatabase()`. All of them are optional. */
export interface DatabaseOptions {
  /** Maximum number of tasks; 0 = unlimited. @default 0 */
  readonly maxTasks?: number;
  /** Wraps the SQLite client of the store, for example to trace it. The migrations are not wrapped. */
  readonly wrapClient?: (client: SqlClient) => SqlClient;
  /** Wraps the connection pool to PostgreSQL in the same way. */
  readonly wrapPool?: (pool: Pool) => Pool | Promise<Pool>;
  /** Limits of that pool. */
  readonly pool?: Partial<PoolLimits>;
  /** The environment, for the `PG*` variables. */
  readonly variables?: PostgresVariables | undefined;
  /** Reports that a database server cannot be reached, and when it can. @default nothing is reported */
  readonly notify?: (message: string) => void;
}
