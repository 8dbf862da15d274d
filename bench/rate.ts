import { openConnection } from './connection.ts';
import { getPage, type RequestText } from './load.ts';

export interface RateResult {
  /** Milliseconds of each request from the moment it was due to the end of its answer, sorted. */
  readonly latencies: Float64Array;
  /** Share of requests that this program itself sent more than 0.5 ms too late. */
  readonly late: number;
}

const CONNECTIONS = 64;
const LATE_MS = 0.5;

/**
 * Sends requests at fixed times, independent of the responses. Latencies include the wait for a
 * stalled server (no coordinated omission). Uses a whole core.
 */
export async function sendAtRate(
  port: number,
  count: number,
  perSecond: number,
  { request = getPage, status: expected = 200 }: { request?: RequestText; status?: number } = {},
): Promise<RateResult> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => openConnection(port, reject)),
  );
  const free = [...connections];
  const latencies = new Float64Array(count);
  const interval = 1000 / perSecond;
  const start = performance.now() + 10;
  let next = 0;
  let answered = 0;
  let late = 0;
  let wasFree = true;

  // Timers are too coarse: they would send five requests each millisecond.
  function pump(): void {
    const now = performance.now();
    while (next < count) {
      const due = start + next * interval;
      const connection = due <= now ? free.shift() : undefined;
      if (connection === undefined) break;
      if (wasFree && now - due > LATE_MS) late += 1;
      const index = next++;
      connection.send(request(index), (status) => {
        if (status !== expected) return reject(new Error(`A request was answered ${status}.`));
        latencies[index] = performance.now() - due;
        free.push(connection);
        if (++answered === count) resolve();
      });
    }
    wasFree = free.length > 0;
    if (answered < count) setImmediate(pump);
  }
  pump();

  await promise.finally(() => {
    answered = count;
    for (const connection of connections) connection.close();
  });
  return { latencies: latencies.sort(), late: late / count };
}
