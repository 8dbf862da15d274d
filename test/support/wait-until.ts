import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `predicate` holds, asking every 10 ms.
 * @param explain what to say when it never did: what was seen instead
 */
export async function waitUntil(
  predicate: () => boolean,
  timeoutMillis: number,
  explain: () => string,
): Promise<void> {
  const deadline = performance.now() + timeoutMillis;
  while (!predicate()) {
    if (performance.now() > deadline) {
      throw new Error(`Not within ${timeoutMillis} ms: ${predicate}. ${explain()}`);
    }
    await sleep(10);
  }
}
