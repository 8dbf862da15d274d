import type { Database, DatabaseOptions } from '../database.ts';
import { toOpenError } from '../open-error.ts';
import type { SqliteLocation } from '../parse-database-url.ts';
import { withWriteLock } from '../with-write-lock.ts';
import { openSqlite } from './client.ts';
import { keepRemovedTasks, limitTasks, migrateSqlite, refuseForeignFile } from './migrations.ts';
import { createSqliteTaskStore } from './store.ts';

/** Opens a SQLite file, or a database in memory, and migrates its schema. @throws DatabaseOpenError */
export async function openSqliteDatabase(
  { path }: SqliteLocation,
  { wrapClient = (client) => client, maxTasks = 0 }: DatabaseOptions,
): Promise<Database> {
  const client = await openSqlite(path, refuseForeignFile);
  try {
    await migrateSqlite(client);
    await keepRemovedTasks(client);
    if (maxTasks > 0) await limitTasks(client, maxTasks);
  } catch (error) {
    await client.close();
    throw toOpenError(error, `database ${path}`);
  }
  const isFile = path !== ':memory:';
  return {
    store: createSqliteTaskStore(wrapClient(client)),
    description: isFile ? `SQLite file ${path}` : 'in-memory SQLite (data is lost on exit)',
    ...(isFile && {
      withWriteLock: async (millis, work) => withWriteLock(await openSqlite(path), millis, work),
    }),
    close: () => client.close(),
  };
}
