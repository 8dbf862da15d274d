import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../support/database-servers.ts';
import { installKafka } from '../support/kafka.ts';
import { expectCounted, expectDurable, expectResponses, expectWhole } from './expectations.ts';
import { runScenario } from './scenario.ts';

const reason = noPostgres ?? collectorIsMissing ?? whyNoKafka();
if (reason) test('three runtimes on one database', ({ skip }) => skip(reason));
else describe('three runtimes on one database', testScale);

function whyNoKafka(): string | undefined {
  const kafka = installKafka();
  return 'problem' in kafka ? kafka.problem : undefined;
}

/** Runs the short form of full.scale.ts. */
function testScale(): void {
  let postgres: PostgresServer;

  beforeAll(async () => {
    await getCollector();
    postgres = await startPostgres();
  }, COLLECTOR_BUILD_TIMEOUT_MS);
  afterAll(() => postgres.stop());

  test('lose no write and no failed trace when an app and the database restart', async () => {
    const result = await runScenario({
      runtimes: ['node', 'bun', 'deno'],
      traces: 300,
      failEvery: 10,
      database: {
        url: await postgres.newDatabase(),
        async restart() {
          await postgres.halt();
          await postgres.resume();
        },
      },
      faults: { app: 0.3, database: 0.6 },
    });
    expect(result.traces.failed).toBeGreaterThanOrEqual(30);
    expectWhole(result);
    expectCounted(result);
    expectDurable(result);
    expectResponses(result);
  }, 300_000);
}
