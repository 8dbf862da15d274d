import process from 'node:process';
import { expect, test } from 'vitest';
import { runSoak } from '../../bench/run-soak.ts';
import { currentRuntime } from '../support/app-command.ts';
import { isBalanced } from '../support/delivery-counts.ts';
import { startProgram } from './start-program.ts';

/** Megabytes of the heap under this load with a running collector. */
const BOUND = 300;

test('startProgram() ends the program if its block throws', async () => {
  let pid = 0;
  async function fail(): Promise<never> {
    await using app = await startProgram({ runtime: currentRuntime });
    pid = app.pid;
    throw new Error('no answer');
  }
  await expect(fail()).rejects.toThrow('no answer');
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

// `npm run soak` is the same for 10 minutes. This load fills the queue in 4 s.
test('the app with a dead collector counts everything and bounds its memory', async () => {
  const { steps, requests, counts, exitCode, exitMillis } = await runSoak({
    runtime: currentRuntime,
    seconds: 10,
    rate: 300,
  });
  const last = steps.at(-1) ?? { memory: Number.NaN, median: Number.NaN, p99: Number.NaN };
  process.stderr.write(
    `${currentRuntime} with a dead collector: ${steps.map(({ memory }) => memory).join(' ')} MB; ` +
      `in the last second median ${last.median.toFixed(1)} ms, 99 % ${last.p99.toFixed(1)} ms\n`,
  );
  expect(exitCode).toBe(0);
  expect(exitMillis).toBeLessThan(10_000);
  expect(counts.Traces.created).toBeGreaterThanOrEqual(2 * requests);
  expect(counts.Logs.created).toBeGreaterThanOrEqual(requests / 10);
  for (const count of Object.values(counts)) {
    expect(count).toSatisfy(isBalanced);
    expect(count).toMatchObject({ exported: 0, rejected: 0 });
  }
  expect(last.memory).toBeLessThan(BOUND);
});
