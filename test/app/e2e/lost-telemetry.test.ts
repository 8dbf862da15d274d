import { describe, expect, test } from 'vitest';
import { readDeliveryCounts } from '../../support/delivery-counts.ts';
import { type OtlpAnswer, startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnApp } from '../../support/spawned-app.ts';

const REQUESTS = 5;
// A SERVER span and one for its statement.
const SPANS = 2 * REQUESTS;

/** Runs the program for some requests against a collector of that behavior; undefined: none. */
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
  expect(exit.millis).toBeLessThan(10_000);
  const {
    'Traces to otlp': spans,
    'Metrics to otlp': points,
    'Logs to otlp': logs,
  } = readDeliveryCounts(exit.stderr);
  return { spans, points, logs, sink, exit };
}

const NOTHING = { created: 0, exported: 0, rejected: 0, pending: 0, dropped: {} };

describe.concurrent('SIGTERM ends the program with 0 within 5 s, with a report of lost records', () => {
  test.each<[string, OtlpAnswer | undefined, reason: string]>([
    ['is not there', undefined, 'the program ended before'],
    ['never answers', { fault: 'hang' }, 'the program ended before'],
    ['answers a byte at a time, without end', { fault: 'drip' }, 'the program ended before'],
    ['is busy', { status: 503 }, 'the program ended before'],
    [
      'is busy and wants half a minute',
      { status: 429, headers: { 'retry-after': '30' } },
      'the export failed',
    ],
    ['refuses', { status: 400 }, 'the export failed'],
  ])('the report is right when the collector %s', async (_, answer, reason) => {
    const { spans, points, logs } = await run(answer);
    expect(spans).toEqual({ ...NOTHING, created: SPANS, dropped: { [reason]: SPANS } });
    expect(logs).toEqual({ ...NOTHING, created: REQUESTS, dropped: { [reason]: REQUESTS } });
    const created = points?.created ?? 0;
    expect(created).toBeGreaterThan(0);
    expect(points).toEqual({ ...NOTHING, created, dropped: { [reason]: created } });
  });

  test('the report is right when the collector rejects some records of each signal', async () => {
    const { spans, points, logs, sink, exit } = await run(({ signal }) => ({
      rejected: { traces: 3, metrics: 2, logs: 1 }[signal],
      errorMessage: `some ${signal} are too old`,
    }));
    expect(spans).toEqual({ ...NOTHING, created: SPANS, exported: SPANS - 3, rejected: 3 });
    expect(logs).toEqual({ ...NOTHING, created: REQUESTS, exported: REQUESTS - 1, rejected: 1 });
    const created = points?.created ?? 0;
    expect(created).toBeGreaterThan(2);
    expect(points).toEqual({ ...NOTHING, created, exported: created - 2, rejected: 2 });
    expect(exit.stderr).toContain(
      'Traces to otlp: 3 spans rejected by the collector; some traces are too old',
    );
    // Nothing that was taken is sent again.
    expect(sink.requests.map(({ signal }) => signal).sort()).toEqual(['logs', 'metrics', 'traces']);
  });

  test('the report is right when one of three signals has no receiver', async () => {
    const { spans, points, logs, sink } = await run(({ signal }) =>
      signal === 'traces' ? { status: 400 } : {},
    );
    expect(spans).toEqual({ ...NOTHING, created: SPANS, dropped: { 'the export failed': SPANS } });
    expect(points).toMatchObject({ exported: points?.created, dropped: {} });
    expect(logs).toEqual({ ...NOTHING, created: REQUESTS, exported: REQUESTS });
    expect(sink.logs).toHaveLength(REQUESTS);
  });
});
