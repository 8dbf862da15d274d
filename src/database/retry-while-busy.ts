import { SqlError } from './sql-client.ts';

const patienceMillis = 2_000;
const longestPauseMillis = 50;

/**
 * Repeats `attempt` while it fails with a `busy` SqlError, for up to 2 s; then lets the error out.
 * The event loop stays free between attempts, unlike in SQLite's own `busy_timeout`.
 */
export async function retryWhileBusy<T>(attempt: () => T | Promise<T>): Promise<T> {
  let giveUpAt: number | undefined;
  for (let pause = 1; ; pause = Math.min(pause * 2, longestPauseMillis)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SqlError) || error.kind !== 'busy') throw error;
      giveUpAt ??= performance.now() + patienceMillis;
      if (performance.now() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
