import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type AllCounts, isBalanced, readDeliveryCounts } from './delivery-counts.ts';
import { type SpawnedApp, spawnApp } from './spawned-app.ts';

export const TRACES = 'Traces to otlp';

/** Runs the program with its traces on their way to `url`, in batches every 50 ms, and no other signal. */
export function spawnTracer(url: string, env: Record<string, string> = {}): Promise<SpawnedApp> {
  const soon = {
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces`,
  };
  return spawnApp({ env: { ...soon, ...env } });
}

/** Makes so many spans: a request that leads nowhere is one. */
export async function makeSpans(app: SpawnedApp, count: number): Promise<void> {
  const answers = Array.from({ length: count }, () => fetch(`${app.url}/nowhere`));
  for (const { status } of await Promise.all(answers)) expect(status).toBe(404);
}

/** Asks the program how things stand. */
export async function askCounts(app: SpawnedApp): Promise<AllCounts> {
  const before = app.stderr.length;
  process.kill(app.pid, 'SIGUSR2');
  // The last line.
  await app.waitFor(({ stderr }) => /^Logs to tree: .*\n/m.test(stderr.slice(before)));
  return readDeliveryCounts(app.stderr.slice(before));
}

/** Waits until at least so many records have been created, and none of them is on its way. */
export async function settle(
  app: SpawnedApp,
  created: Readonly<Record<string, number>>,
): Promise<void> {
  for (;;) {
    const counts = await askCounts(app);
    const isSettled = Object.entries(created).every(([route, count]) => {
      const found = counts[route];
      return found !== undefined && found.created >= count && found.pending === 0;
    });
    if (isSettled) return;
    await pause(50);
  }
}

/** Ends the program. All that it created has come to an end: exported, rejected or dropped. */
export async function stopBalanced(app: SpawnedApp): Promise<AllCounts> {
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  const counts = readDeliveryCounts(stderr);
  for (const [route, each] of Object.entries(counts)) expect(each, route).toSatisfy(isBalanced);
  return counts;
}

/** Returns the messages about lost records, without the time and the signals. */
export function lossMessages({ stderr }: SpawnedApp): string[] {
  return [...stderr.matchAll(/^\d\d:\d\d:\d\d [\w, ]+ to otlp: (.*)$/gm)].map(
    ([, text = '']) => text,
  );
}
