import type { TaskStore } from '../tasks/task-store.ts';
import { DatabaseOpenError } from './database-open-error.ts';
import { type DatabaseLocation, parseDatabaseUrl } from './parse-database-url.ts';
import { type SqlClient, SqlError } from './sql-client.ts';
import { openSqlite } from './sqlite/client.ts';
import { limitTasks, migrateSqlite } from './sqlite/migrations.ts';
import { createSqliteTaskStore } from './sqlite/store.ts';
import { whileLocked } from './sqlite/write-lock.ts';

/** A database that is open, migrated and ready. */
export interface Database {
  readonly store: TaskStore;
  /** Where the tasks are, for a person: `SQLite file tasks.db`. */
  readonly description: string;
  /**
   * Runs `work` while another connection holds the lock that all changes need, for `millis`: to
   * show what becomes of the app then. Undefined where there can be no other connection.
   */
  readonly whileLocked?: (millis: number, work: () => Promise<unknown>) => Promise<void>;
  close(): Promise<void>;
}

/** Returns the client that the store gets to see, such as a traced one. */
export type WrapClient = (client: SqlClient) => SqlClient;

/**
 * Opens the database that a URL names and brings its schema up to date.
 *
 * @param url `file:tasks.db`, `file:/abs/tasks.db` or `:memory:`
 * @param wrap is given the client after the migrations, so that start-up leaves no spans
 * @param maxTasks how many tasks the list may hold; 0 for any number
 * @throws DatabaseOpenError
 */
export async function openDatabase(
  url: string,
  wrap: WrapClient = (client) => client,
  maxTasks = 0,
): Promise<Database> {
  const location = parseDatabaseUrl(url);
  // Another engine is another case: its client, its migrations, its store.
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
    throw describeFailure(error, path);
  }
  return {
    store: createSqliteTaskStore(wrap(client)),
    description: path === ':memory:' ? 'SQLite in memory, gone at exit' : `SQLite file ${path}`,
    ...(path !== ':memory:' && {
      whileLocked: (millis: number, work: () => Promise<unknown>) =>
        whileLocked(path, millis, work),
    }),
    close: () => client.close(),
  };
}

function describeFailure(error: unknown, path: string): unknown {
  if (error instanceof SqlError && error.kind !== 'refused') {
    return new DatabaseOpenError(error.message, { cause: error });
  }
  if (error instanceof SqlError || error instanceof DatabaseOpenError) {
    const message = `The database ${path} cannot be used. ${error.message}`;
    return new DatabaseOpenError(message, { cause: error });
  }
  return error;
}
