import { SqlError } from '../sql-client.ts';

const PATIENCE_MILLIS = 2_000;
const LONGEST_PAUSE_MILLIS = 50;

/**
 * Repeats `attempt` while it fails with a `busy` SqlError, for up to 2 s; then lets the error out.
 * The event loop stays free between attempts, unlike in SQLite's own `busy_timeout`.
 */
export async function retryWhileBusy<T>(attempt: () => T | Promise<T>): Promise<T> {
  let giveUpAt: number | undefined;
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SqlError) || error.kind !== 'busy') throw error;
      giveUpAt ??= performance.now() + PATIENCE_MILLIS;
      if (performance.now() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
