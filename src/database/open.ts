import type { TaskStore } from '../tasks/index.ts';
import { type DatabaseLocation, parseDatabaseUrl } from './parse-database-url.ts';
import { DatabaseOpenError, type SqlClient, SqlError } from './sql-client.ts';
import { openSqlite } from './sqlite/client.ts';
import { limitTasks, migrateSqlite } from './sqlite/migrations.ts';
import { createSqliteTaskStore } from './sqlite/store.ts';
import { withWriteLock } from './sqlite/write-lock.ts';

/** An open and migrated database. */
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

/** Wraps the client of the store, for example to trace it. */
export type WrapClient = (client: SqlClient) => SqlClient;

/**
 * Opens the database at a URL and migrates its schema.
 *
 * @param url `file:tasks.db`, `file:/abs/tasks.db` or `:memory:`
 * @param wrap wraps the client after the migrations, so that start-up makes no spans
 * @param maxTasks maximum number of tasks; 0 = unlimited
 * @throws DatabaseOpenError
 */
export async function openDatabase(
  url: string,
  wrap: WrapClient = (client) => client,
  maxTasks = 0,
): Promise<Database> {
  const location = parseDatabaseUrl(url);
  // Each engine has its own client, migrations and store.
  switch (location.system) {
    case 'sqlite':
      return openSqliteDatabase(location, wrap, maxTasks);
  }
}

async function openSqliteDatabase(
  { path }: DatabaseLocation,
  wrap: WrapClient,
  maxTasks: number,
): Promise<Database> {
  const client = await openSqlite(path);
  try {
    await migrateSqlite(client);
    if (maxTasks > 0) await limitTasks(client, maxTasks);
  } catch (error) {
    await client.close();
    throw toOpenError(error, path);
  }
  return {
    store: createSqliteTaskStore(wrap(client)),
    description:
      path === ':memory:' ? 'in-memory SQLite (data is lost on exit)' : `SQLite file ${path}`,
    ...(path !== ':memory:' && {
      withWriteLock: (millis: number, work: () => Promise<unknown>) =>
        withWriteLock(path, millis, work),
    }),
    close: () => client.close(),
  };
}

function toOpenError(error: unknown, path: string): unknown {
  if (error instanceof SqlError && error.kind !== 'refused') {
    return new DatabaseOpenError(error.message, { cause: error });
  }
  if (error instanceof SqlError || error instanceof DatabaseOpenError) {
    const message = `The database ${path} cannot be used. ${error.message}`;
    return new DatabaseOpenError(message, { cause: error });
  }
  return error;
}
