import { openSqlite } from './client.ts';

/**
 * Runs `work` while another connection holds the write lock of a SQLite file for `millis`. Rejects if
 * the lock is not available, or if `work` rejects.
 */
export async function withWriteLock(
  path: string,
  millis: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const other = await openSqlite(path);
  try {
    const { promise: locked, resolve } = Promise.withResolvers<void>();
    const held = other.transaction(async () => {
      resolve();
      await new Promise((timeout) => setTimeout(timeout, millis));
    });
    await Promise.race([locked, held]);
    await Promise.all([work(), held]);
  } finally {
    await other.close();
  }
}
