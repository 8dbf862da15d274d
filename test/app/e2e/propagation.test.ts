import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

let sink: OtlpSink;
let app: SpawnedApp;
beforeAll(async () => {
  sink = await startOtlpSink();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, RATE_LIMIT: '0' };
  app = await spawnApp({ args: ['--otlp'], env });
});
afterAll(() => sink.close());

const PARENT = '00f067aa0ba902b7';

function addTask(traceId: string, flags: string, task: string): Promise<Response> {
  return fetch(`${app.url}/add`, {
    method: 'POST',
    headers: { traceparent: `00-${traceId}-${PARENT}-${flags}` },
    body: new URLSearchParams({ task }),
    redirect: 'manual',
  });
}

/** Returns a trace ID of the same digit, except for the last three. */
const id = (digit: string, number: number) => String(100 + number).padStart(32, digit);

// One test, since the program ends once: 50 callers whose traces are sampled, 10 whose are not.
test('each concurrent request continues its own caller’s trace, unless it is not sampled', async () => {
  const sampled = Array.from({ length: 50 }, (_, i) => id('a', i));
  const unsampled = Array.from({ length: 10 }, (_, i) => id('b', i));
  const answers = await Promise.all([
    ...sampled.map((traceId) => addTask(traceId, '01', `task ${traceId}`)),
    ...unsampled.map((traceId) => addTask(traceId, '00', `task ${traceId}`)),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(303));
  const missing = await fetch(`${app.url}/nowhere`, {
    headers: { traceparent: `00-${id('b', 99)}-${PARENT}-00` },
  });
  // A page shows its trace, although it is not recorded.
  expect(await missing.text()).toContain(`Trace <code>${id('b', 99)}</code>`);
  expect((await app.stop()).code).toBe(0);

  const servers = sink.spans.filter(({ kind }) => kind === 2);
  expect(servers.map(({ traceId }) => traceId).sort()).toEqual(sampled);
  expect(new Set(servers.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([PARENT]));

  const clients = sink.spans.filter(({ kind }) => kind === 3);
  expect(clients).toHaveLength(50);
  for (const { traceId, parentSpanId } of clients) {
    expect(servers).toContainEqual(expect.objectContaining({ traceId, spanId: parentSpanId }));
  }

  const recorded = sink.logs.filter(({ traceId }) => traceId.startsWith('a'));
  expect(recorded.map(({ traceId }) => traceId).sort()).toEqual(sampled);
  for (const { traceId, spanId } of recorded) {
    expect(servers).toContainEqual(expect.objectContaining({ traceId, spanId }));
  }
  // The service has its default name.
  expect(servers[0]?.resource['service.name']).toBe('todo');
  // Metrics do not depend on sampling.
  const durations = sink.metrics.findLast(({ name }) => name === 'http.server.request.duration');
  expect(durations?.points.map(({ count }) => count).sort()).toEqual([1, 60]);
});

test('pages of allowed origins may send the headers of the configured propagators', async () => {
  await using app = await spawnApp({
    env: { OTEL_PROPAGATORS: 'b3multi', API_ALLOWED_ORIGINS: 'https://a.example' },
  });
  const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'PATCH' };
  const response = await fetch(`${app.url}/api/tasks`, { method: 'OPTIONS', headers });
  const allowed = response.headers.get('access-control-allow-headers')?.split(',');
  expect(allowed).toEqual(expect.arrayContaining(['b3', 'x-b3-traceid', 'x-b3-spanid']));
});
