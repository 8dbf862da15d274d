import { stderr } from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCollector } from '../support/collector-build.ts';
import { type PostgresServer, startPostgres } from '../support/database-servers.ts';
import {
  expectCounted,
  expectDurable,
  expectLossExplained,
  expectRatio,
  expectResponses,
  expectWhole,
} from './expectations.ts';
import { runScenario, type ScenarioOptions, type ScenarioResult } from './scenario.ts';

/** `npm run test:scale`: the numbers in docs/scale.md. short.test.ts is the form for `npm test`. */
const DECISION_WAIT_MS = 3_000;
let postgres: PostgresServer;

beforeAll(async () => {
  await getCollector();
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

async function run(name: string, changes: Partial<ScenarioOptions> = {}): Promise<ScenarioResult> {
  const result = await runScenario({
    runtimes: ['node', 'bun', 'deno'],
    decisionWaitMs: DECISION_WAIT_MS,
    traces: 5_000,
    failEvery: 100,
    database: {
      url: await postgres.newDatabase(),
      async restart() {
        await postgres.halt();
        await postgres.resume();
      },
    },
    ...changes,
  });
  report(name, result);
  return result;
}

function report(name: string, result: ScenarioResult): void {
  const { traces, tracesPerSecond, statuses, usage, acknowledged } = result;
  const { failed, whole, partial, missing, duplicates, kept, others, slow } = traces;
  stderr.write(
    `${name}: ${tracesPerSecond} traces/s; ${failed} failed: ${whole} whole, ${partial.length} partial, ` +
      `${missing.length} missing; ${duplicates} duplicate spans; ${kept} of ${others} others kept, ` +
      `${slow} more because they are slow; other responses: ${JSON.stringify(statuses)}\n`,
  );
  const perTrace = (ms: number) => (ms / acknowledged).toFixed(2);
  const parts = Object.entries(usage).map(
    ([part, { cpuMs, peakMb }]) => `${part} ${perTrace(cpuMs)} ms, ${peakMb} MB`,
  );
  stderr.write(`  CPU per trace and peak memory: ${parts.join('; ')}\n`);
}

test('every failed trace arrives whole and once, and a tenth of the others', async () => {
  const result = await run('all parts up');
  expect(result.traces.failed).toBe(50);
  expectWhole(result);
  expectCounted(result);
  expectDurable(result);
  expect(result.acknowledged).toBe(5_000);
  expect(result.statuses).toEqual({});
});

test('an app, a sampler and the database that end lose no write and only traces in progress', async () => {
  const result = await run('app, sampler and database restarted', {
    faults: { app: 0.2, sampler: 0.45, database: 0.75 },
  });
  expectDurable(result);
  expectCounted(result);
  expectRatio(result);
  expectResponses(result);
  expectLossExplained(result, DECISION_WAIT_MS);
});

test('a sampler that is killed loses what it had not decided', async () => {
  const result = await run('sampler killed', {
    failEvery: 10,
    faults: { sampler: 0.5 },
    samplerSignal: 'SIGKILL',
  });
  expectCounted(result);
  expectLossExplained(result, DECISION_WAIT_MS);
});

test('most traces are torn if Kafka is not partitioned by trace ID', async () => {
  const result = await run('not partitioned', {
    traces: 2_000,
    failEvery: 10,
    isPartitioned: false,
  });
  expect(result.traces.partial.length).toBeGreaterThan(result.traces.whole);
});
