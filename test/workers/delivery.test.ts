import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OtlpAnswer, OtlpRequest, OtlpSink } from '../support/otlp-sink.ts';
import { type StartedWorker, startWorker } from '../support/start-worker.ts';
import { waitUntil } from '../support/wait-until.ts';

let worker: StartedWorker;
beforeAll(async () => {
  worker = await startWorker({ env: { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '3000' } });
  // The first request also exports what the start has recorded.
  await get('/api/tasks');
  await worker.sink.waitFor(({ metrics }) => metrics.length > 0);
});
afterAll(() => worker[Symbol.asyncDispose]());
afterEach(() => worker.sink.answerWith({}));

async function get(path: string): Promise<void> {
  const response = await fetch(worker.url + path);
  expect(response.status).toBe(200);
  await response.text();
}

function serverSpans({ spans }: Pick<OtlpSink, 'spans'>, path?: string) {
  return spans.filter(
    ({ kind, attributes }) =>
      kind === 2 && (path === undefined || attributes['url.query'] === path.split('?')[1]),
  );
}

/** Answers the first requests with spans so, and all later ones with success. Returns these requests. */
function answerTraces(...answers: OtlpAnswer[]): OtlpRequest[] {
  const received: OtlpRequest[] = [];
  worker.sink.answerWith((request) => {
    if (request.signal !== 'traces') return {};
    received.push(request);
    return answers.shift() ?? {};
  });
  return received;
}

/** Returns the number of spans whose export has ended with this outcome, from the metrics so far. */
function countExported(errorType?: string): number {
  return worker.sink.metrics
    .filter(({ name }) => name === 'otel.sdk.exporter.span.exported')
    .flatMap(({ points }) => points)
    .filter(({ attributes }) => attributes['error.type'] === errorType)
    .reduce((sum, { value = 0 }) => sum + Number(value), 0);
}

test('2,000 requests give 2,000 server spans, metrics of 2,000 requests and no message', async () => {
  const before = worker.output();
  const spansBefore = serverSpans(worker.sink).length;
  let sent = 0;
  const client = async () => {
    while (sent < 2_000) {
      sent += 1;
      await get('/api/tasks?limit=1');
    }
  };
  await Promise.all(Array.from({ length: 20 }, client));
  await worker.sink.waitFor((sink) => serverSpans(sink).length >= spansBefore + 2_000, 20_000);
  const counted = () =>
    worker.sink.metrics
      .filter(({ name }) => name === 'http.server.request.duration')
      .flatMap(({ points }) => points)
      .reduce((sum, { count = 0 }) => sum + Number(count), 0);
  await waitUntil(
    () => counted() === spansBefore + 2_000,
    10_000,
    () => `${counted()} counted`,
  );
  expect(serverSpans(worker.sink)).toHaveLength(spansBefore + 2_000);
  expect(new Set(worker.sink.spans.map(({ spanId }) => spanId)).size).toBe(
    worker.sink.spans.length,
  );
  expect(worker.sink.problems).toEqual([]);
  expect(worker.output()).toBe(before);
}, 60_000);

test('503 and then 200 is one retry after about a second, without duplicates', async () => {
  const received = answerTraces({ status: 503 });
  await get('/api/tasks?limit=2');
  await worker.sink.waitFor((sink) => serverSpans(sink, '?limit=2').length > 0);
  expect(received).toHaveLength(2);
  const [first, second] = received.map(({ receivedAt }) => receivedAt);
  expect(Number(second) - Number(first)).toBeGreaterThan(700);
  expect(serverSpans(worker.sink, '?limit=2')).toHaveLength(1);
});

test.each(['1', '0', 'soon'])('429 with Retry-After %s waits about a second', async (delay) => {
  const received = answerTraces({ status: 429, headers: { 'retry-after': delay } });
  await get(`/api/tasks?limit=3&delay=${delay}`).catch(() => {});
  await waitUntil(
    () => received.length === 2,
    5_000,
    () => `${received.length} requests`,
  );
  const [first, second] = received.map(({ receivedAt }) => receivedAt);
  expect(Number(second) - Number(first)).toBeGreaterThan(700);
});

test('429 with a Retry-After beyond the timeout drops the spans and counts them', async () => {
  const before = countExported('429');
  const received = answerTraces({ status: 429, headers: { 'retry-after': '60' } });
  await get('/api/tasks?limit=4');
  await waitUntil(() => countExported('429') === before + 2, 10_000, worker.output);
  expect(received).toHaveLength(1);
  expect(worker.output()).toMatch(/Traces to otlp: 2 spans dropped; .*429/);
});

test.each([400, 413, 500])('%i is one request, dropped and counted', async (status) => {
  const received = answerTraces({ status });
  await get('/api/tasks?limit=5');
  await waitUntil(() => countExported(`${status}`) === 2, 10_000, worker.output);
  expect(received).toHaveLength(1);
  expect(worker.output()).toMatch(new RegExp(`Traces to otlp: 2 spans dropped; .*${status}`));
});

test('a partial success is reported, counted and not retried', async () => {
  const received = answerTraces({ rejected: 1, errorMessage: 'too old' });
  await get('/api/tasks?limit=6');
  await waitUntil(() => countExported('rejected') === 1, 10_000, worker.output);
  expect(received).toHaveLength(1);
  expect(worker.output()).toContain('1 span rejected by the collector; too old');
});

test('a hanging collector costs one timeout, and the next batch arrives', async () => {
  answerTraces({ fault: 'hang' });
  await get('/api/tasks?limit=7');
  await waitUntil(() => countExported('timeout') === 2, 10_000, worker.output);
  expect(worker.output()).toContain('did not respond completely within 3000 ms');
  await get('/api/tasks?limit=8');
  await worker.sink.waitFor((sink) => serverSpans(sink, '?limit=8').length === 1);
});
