import { expect, test } from 'vitest';
import {
  askCounts,
  lossMessages,
  makeSpans,
  settle,
  spawnTracer,
  stopBalanced,
  TRACES,
} from '../../support/deliveries.ts';
import { type OtlpAnswer, type OtlpRequest, startOtlpSink } from '../../support/otlp-sink.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

const [METRICS, LOGS] = ['Metrics to otlp', 'Logs to otlp'];

/** Runs the program with all signals on their way to `url`, a batch every 50 ms. */
function spawnSoon(url: string, env: Record<string, string>): Promise<SpawnedApp> {
  const soon = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_BLRP_SCHEDULE_DELAY: '50' };
  const fixed = { OTEL_EXPORTER_OTLP_ENDPOINT: url, RATE_LIMIT: '0' };
  return spawnApp({ env: { ...fixed, ...soon, ...env } });
}

/** Adds tasks. Each makes two spans and a log record. */
async function addTasks(app: SpawnedApp, count: number): Promise<void> {
  const answers = Array.from({ length: count }, (_, i) => {
    const body = new URLSearchParams({ task: `task ${i}` });
    return fetch(`${app.url}/add`, { method: 'POST', body, redirect: 'manual' });
  });
  for (const { status } of await Promise.all(answers)) expect(status).toBe(303);
}

test('the counts are right when the collector responds with 200, 400, 503 or not at all, at random', {
  timeout: 90_000,
  // On a busy machine an answer may come after an export's own time: arrived, and counted as lost.
  retry: 1,
}, async () => {
  const TASKS = 250;
  const random = { traces: randomNumbers(1), metrics: randomNumbers(2), logs: randomNumbers(3) };
  const answers: OtlpAnswer[] = [{}, {}, {}, { status: 400 }, { status: 503 }, { fault: 'cut' }];
  const given = new Set<OtlpAnswer>();
  const acknowledged: OtlpRequest[] = [];
  await using sink = await startOtlpSink();
  sink.answerWith((request) => {
    const answer = answers[Math.floor(random[request.signal]() * answers.length)] ?? {};
    given.add(answer);
    if (answer.status === undefined && answer.fault === undefined) acknowledged.push(request);
    return answer;
  });
  await using app = await spawnSoon(sink.url, {
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '25',
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '25',
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
  });
  await addTasks(app, TASKS);
  await settle(app, { [TRACES]: 2 * TASKS, [LOGS]: TASKS });
  expect(given.size).toBe(answers.length);
  sink.answerWith((request) => {
    acknowledged.push(request);
    return {};
  });
  await settle(app, { [METRICS]: 1 });
  const counts = await stopBalanced(app);

  const spans = acknowledged.flatMap((request) => request.spans.map(({ spanId }) => spanId));
  const logs = acknowledged.flatMap((request) => request.logs.map(({ spanId }) => spanId));
  const points = acknowledged.flatMap(({ metrics }) => metrics.flatMap((each) => each.points));
  expect(counts).toMatchObject({
    [TRACES]: { created: 2 * TASKS, exported: spans.length, rejected: 0 },
    [METRICS]: { exported: points.length, rejected: 0 },
    [LOGS]: { created: TASKS, exported: logs.length, rejected: 0 },
  });
  expect(Object.keys(counts[TRACES]?.dropped ?? {})).toEqual(['the export failed']);
  // Only the interrupted batch arrived twice.
  expect(new Set(spans).size).toBe(spans.length);
  expect(new Set(logs).size).toBe(logs.length);
  // At most two lines for each problem of an exporter that fails now and then.
  expect(lossMessages(app).length).toBeLessThan(7);
});

test('a collector that starts late is reported in two lines', async () => {
  const down = await startOtlpSink();
  await down.close();
  // An interval is also a time limit, which a connection may miss on a busy machine.
  const env = { OTEL_METRIC_EXPORT_INTERVAL: '2000', OTEL_EXPORTER_OTLP_TIMEOUT: '2000' };
  await using app = await spawnSoon(down.url, env);
  for (let batch = 1; batch <= 5; batch++) {
    await addTasks(app, 2);
    await settle(app, { [TRACES]: 4 * batch, [LOGS]: 2 * batch });
  }
  await using sink = await startOtlpSink(Number(new URL(down.url).port));
  await addTasks(app, 3);
  await sink.waitFor(({ metrics }) => metrics.length > 0);
  await settle(app, { [TRACES]: 26, [METRICS]: 1, [LOGS]: 13 });
  const counts = await stopBalanced(app);
  expect(counts).toMatchObject({
    [TRACES]: { created: 26, exported: 6, dropped: { 'the export failed': 20 } },
    [LOGS]: { created: 13, exported: 3, dropped: { 'the export failed': 10 } },
  });
  expect(sink.spans).toHaveLength(6);
  expect(lossMessages(app)).toEqual([
    expect.stringMatching(/^\d+ [a-z ]+ dropped; .* refused the connection; .*[^.]$/),
    expect.stringMatching(/^exports succeed again; .* more .* dropped before that$/),
  ]);
});

test('SIGUSR2 prints delivery counts, and the app continues', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<OtlpAnswer>();
  await using sink = await startOtlpSink();
  sink.answerWith(() => released);
  await using app = await spawnTracer(sink.url);
  await makeSpans(app, 3);
  await app.waitFor(() => sink.requests.length > 0);
  const waiting = { created: 3, exported: 0, rejected: 0, pending: 3, dropped: {} };
  expect(await askCounts(app)).toMatchObject({ [TRACES]: waiting });
  release({});
  await settle(app, { [TRACES]: 3 });
  expect((await fetch(app.url)).status).toBe(200);
  const counts = await stopBalanced(app);
  expect(counts).toMatchObject({ [TRACES]: { created: 5, exported: 5 } });
});
