import type { Database, DatabaseOptions, PoolLimits } from '../database.ts';
import { toOpenError } from '../open-error.ts';
import type { PostgresLocation } from '../parse-postgres-url.ts';
import { type SqlClient, SqlError } from '../sql-client.ts';
import { withWriteLock } from '../with-write-lock.ts';
import { migrateBeforeUse } from './availability.ts';
import { eraseRemovedTasks } from './changes.ts';
import { createPostgresClient } from './client.ts';
import { describeLocation, isOutage } from './errors.ts';
import { migratePostgres } from './migrations.ts';
import { createPool } from './pool.ts';
import { createPostgresTaskStore } from './store.ts';

const DEFAULT_LIMITS: PoolLimits = { size: 10, timeoutMs: 2_000, statementTimeoutMs: 5_000 };

/**
 * Opens a PostgreSQL database and migrates its schema.
 *
 * Also resolves if the server is out of reach. The store then rejects as unavailable until the server can
 * be reached, and migrates the database at that time.
 * @throws DatabaseOpenError when the database cannot be used
 */
export async function openPostgresDatabase(
  location: PostgresLocation,
  { maxTasks = 0, wrapPool = (pool) => pool, pool: limits, notify = () => {} }: DatabaseOptions,
): Promise<Database> {
  const description = describeLocation(location);
  const pool = await createPool(location, { ...DEFAULT_LIMITS, ...limits });

  /** Opens another connection, whose statements may take any time. */
  async function openAnother(): Promise<SqlClient> {
    const unlimited = { size: 1, statementTimeoutMs: Number.POSITIVE_INFINITY };
    const other = await createPool(location, { ...DEFAULT_LIMITS, ...limits, ...unlimited });
    return createPostgresClient(other, location);
  }

  async function migrate(): Promise<void> {
    const client = await openAnother();
    try {
      await migratePostgres(client);
      await client.transaction(eraseRemovedTasks);
    } catch (error) {
      throw error instanceof SqlError && isOutage(error) ? error : toOpenError(error, description);
    } finally {
      await client.close();
    }
  }

  const pooled = createPostgresClient(await wrapPool(pool), location);
  const client = migrateBeforeUse(pooled, migrate, notify);
  try {
    await client.start();
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    store: createPostgresTaskStore(client, maxTasks),
    description,
    withWriteLock: async (millis, work) =>
      withWriteLock(await openAnother(), millis, work, 'LOCK TABLE tasks IN SHARE MODE'),
    close: () => client.close(),
  };
}
