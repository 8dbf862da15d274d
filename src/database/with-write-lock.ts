import type { SqlClient } from './sql-client.ts';

/**
 * Runs `work` while another connection holds the write lock for `millis`. Rejects if the lock is not
 * available, or if `work` rejects.
 *
 * @param other the other connection, which is closed
 * @param lock statement that takes the lock, if a transaction alone does not
 */
export async function withWriteLock(
  other: SqlClient,
  millis: number,
  work: () => Promise<unknown>,
  lock?: string,
): Promise<void> {
  try {
    const { promise: locked, resolve } = Promise.withResolvers<void>();
    const held = other.transaction(async ({ query }) => {
      if (lock !== undefined) await query(lock, []);
      resolve();
      await new Promise((timeout) => setTimeout(timeout, millis));
    });
    await Promise.race([locked, held]);
    await Promise.all([work(), held]);
  } finally {
    await other.close();
  }
}
