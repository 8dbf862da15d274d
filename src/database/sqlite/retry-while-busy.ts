import { SqlError } from '../sql-client.ts';

const RETRY_TIMEOUT_MS = 2_000;
const MAX_PAUSE_MS = 50;

/**
 * Repeats `attempt` while it fails with a `busy` SqlError, for up to 2 s, and then rethrows the error.
 * The event loop stays free between attempts, unlike with SQLite's own `busy_timeout`.
 */
export async function retryWhileBusy<T>(attempt: () => T | Promise<T>): Promise<T> {
  let giveUpAt: number | undefined;
  for (let pause = 1; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SqlError) || error.kind !== 'busy') throw error;
      giveUpAt ??= performance.now() + RETRY_TIMEOUT_MS;
      if (performance.now() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
