import { describe, expect, test } from 'vitest';
import { type OtlpAnswer, startOtlpSink } from '../support/otlp-sink.ts';
import { type Exit, spawnApp } from '../support/spawned-app.ts';

const REQUESTS = 5;
// A SERVER span and one for its statement.
const SPANS = 2 * REQUESTS;

/** "of 5 spans made, 0 were delivered, 0 rejected by the other end, 5 dropped", in numbers. */
function readLoss({ stderr }: Exit, unit: string): number[] | undefined {
  return new RegExp(
    `^Lost on the way to otlp: of (\\d+) ${unit} made, (\\d+) were delivered, (\\d+) rejected by the other end, (\\d+) dropped\\.$`,
    'm',
  )
    .exec(stderr)
    ?.slice(1)
    .map(Number);
}

/** Runs the program for some requests against a collector of that behaviour; undefined: none. */
async function run(
  answer: Parameters<Awaited<ReturnType<typeof startOtlpSink>>['answerWith']>[0] | undefined,
) {
  await using sink = await startOtlpSink();
  if (answer === undefined) await sink.close();
  else sink.answerWith(answer);
  await using app = await spawnApp({
    args: ['--otlp'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
  });
  for (let i = 0; i < REQUESTS; i++)
    await fetch(`${app.url}/add`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ task: `task ${i}` }),
    });
  const exit = await app.stop();
  expect(exit.code).toBe(0);
  expect(exit.millis).toBeLessThan(5_000);
  return { exit, sink };
}

describe.concurrent('SIGTERM ends the program with 0 within 5 s, and it says what was lost', () => {
  test.each<[string, OtlpAnswer | undefined]>([
    ['is not there', undefined],
    ['never answers', { fault: 'hang' }],
    ['answers a byte at a time, without end', { fault: 'drip' }],
    ['is busy', { status: 503 }],
    ['is busy and wants half a minute', { status: 429, headers: { 'retry-after': '30' } }],
    ['refuses', { status: 400 }],
  ])('when the collector %s', async (_, answer) => {
    const { exit } = await run(answer);
    expect(readLoss(exit, 'spans')).toEqual([SPANS, 0, 0, SPANS]);
    expect(readLoss(exit, 'log records')).toEqual([REQUESTS, 0, 0, REQUESTS]);
    const [made = 0, delivered, rejected, dropped] = readLoss(exit, 'data points') ?? [];
    expect(made).toBeGreaterThan(0);
    expect([delivered, rejected, dropped]).toEqual([0, 0, made]);
  });

  test('when the collector takes everything but some records of each signal', async () => {
    const { exit, sink } = await run(({ signal }) => ({
      rejected: { traces: 3, metrics: 2, logs: 1 }[signal],
      errorMessage: `some ${signal} are too old`,
    }));
    expect(readLoss(exit, 'spans')).toEqual([SPANS, SPANS - 3, 3, 0]);
    expect(readLoss(exit, 'log records')).toEqual([REQUESTS, REQUESTS - 1, 1, 0]);
    const [made = 0, ...rest] = readLoss(exit, 'data points') ?? [];
    expect(made).toBeGreaterThan(2);
    expect(rest).toEqual([made - 2, 2, 0]);
    expect(exit.stderr).toContain('some traces are too old');
    // Nothing that was taken is sent again.
    expect(sink.requests.map(({ signal }) => signal).sort()).toEqual(['logs', 'metrics', 'traces']);
  });

  test('when one signal of three has nobody who takes it', async () => {
    const { exit, sink } = await run(({ signal }) => (signal === 'traces' ? { status: 400 } : {}));
    expect(readLoss(exit, 'spans')).toEqual([SPANS, 0, 0, SPANS]);
    expect(exit.stderr.match(/^Lost /gm)).toHaveLength(1);
    expect(sink.logs).toHaveLength(REQUESTS);
  });
});
