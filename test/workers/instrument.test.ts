import { join } from 'node:path';
import { describeProblem } from 'opentelemetry-instrument/settings';
import { instrument, readSettings } from 'opentelemetry-instrument/workers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { type StartedWorker, startWorker } from '../support/start-worker.ts';

// Imports are resolved from here.
const entry = join(root, 'test/workers/source.js');

const APP = `
import { logs } from '@opentelemetry/api-logs';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { traceHttp, traceJob } from 'hono-opentelemetry';
import { instrument } from 'opentelemetry-instrument/workers';

const app = new Hono();
app.use(traceHttp());
app.get('/stream', (c) => stream(c, async (body) => {
  for (const part of ['a', 'b', 'c']) {
    await traceJob('write', () => body.write(part));
    await body.sleep(20);
  }
}));
app.get('/later', (c) => {
  const work = () => new Promise((resolve) => setTimeout(resolve, 100));
  c.executionCtx.waitUntil(traceJob('later', work));
  return c.text('ok');
});
app.get('/log', (c) => {
  logs.getLogger('shop').emit({ severityText: 'WARN', severityNumber: 13, body: 'a\\nb', attributes: { n: 1 } });
  return c.text('ok');
});
app.get('/hang', () => new Promise(() => {}));
app.get('/many', (c) => {
  for (let n = 0; n < 30; n++) traceJob('step', () => n);
  return c.text('ok');
});
`;

const PLAIN = `${APP}
const { now } = Date;
const worker = {
  fetch(request, env, ctx) {
    // As a minute later.
    if (new URL(request.url).pathname === '/log') Date.now = () => now() + 60_000;
    if (new URL(request.url).pathname === '/throw') throw new Error('boom');
    return app.fetch(request, env, ctx);
  },
};
export default instrument(worker);
`;

/** A Worker that Cloudflare traces. Its root span is returned by a header. */
const TRACED = `${APP}
const inner = instrument(app);
export default {
  async fetch(request, env, ctx) {
    const seen = { attributes: {} };
    const span = {
      isTraced: true,
      setAttribute: (key, value) => (seen.attributes[key] = value),
      updateName: (name) => (seen.name = name),
      setStatus: ({ code }) => (seen.status = code),
      recordException() {},
      spanContext: () => ({ traceId: '${'a'.repeat(32)}', spanId: '${'b'.repeat(16)}' }),
    };
    const traced = { waitUntil: (work) => ctx.waitUntil(work), tracing: { getActiveSpan: () => span } };
    const response = await inner.fetch(request, env, traced);
    await response.text();
    return Response.json(seen);
  },
};
`;

describe('instrument()', () => {
  let worker: StartedWorker;
  beforeAll(async () => {
    worker = await startWorker({
      entry,
      source: PLAIN,
      env: { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' },
    });
  });
  afterAll(() => worker[Symbol.asyncDispose]());
  const waitForSpan = (name: string) =>
    worker.sink.waitFor(({ spans }) => spans.some((span) => span.name === name));

  test('exports the span of a stream after its end, with the spans of its parts', async () => {
    expect(await (await fetch(`${worker.url}/stream`)).text()).toBe('abc');
    await waitForSpan('GET /stream');
    const server = worker.sink.spans.find(({ name }) => name === 'GET /stream');
    expect(Number(server?.endTime) - Number(server?.startTime)).toBeGreaterThan(40e6);
    const parts = worker.sink.spans.filter(({ name }) => name === 'write');
    expect(parts.map(({ parentSpanId }) => parentSpanId)).toEqual(Array(3).fill(server?.spanId));
  });

  test('exports spans of work that waitUntil() extends, after the response', async () => {
    expect(await (await fetch(`${worker.url}/later`)).text()).toBe('ok');
    await waitForSpan('later');
    const [later, server] = ['later', 'GET /later'].map((wanted) =>
      worker.sink.spans.find(({ name }) => name === wanted),
    );
    expect(later?.traceId).toBe(server?.traceId);
    expect(Number(later?.endTime)).toBeGreaterThan(Number(server?.endTime));
  });

  test('exports several batches of one invocation', async () => {
    await (await fetch(`${worker.url}/many`)).text();
    await waitForSpan('GET /many');
    const batches = worker.sink.requests.filter(({ spans }) =>
      spans.some(({ name }) => name === 'step'),
    );
    expect(
      batches.flatMap(({ spans }) => spans.filter(({ name }) => name === 'step')),
    ).toHaveLength(30);
    expect(batches.length).toBeGreaterThan(2);
    for (const { spans } of batches) expect(spans.length).toBeLessThanOrEqual(10);
  });

  test('exports the open span of an invocation that the platform has canceled, with the next one', async () => {
    // Here the platform does not cancel it, so the clock does.
    const client = new AbortController();
    const hanging = fetch(`${worker.url}/hang`, { signal: client.signal }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 500));
    client.abort();
    await hanging;
    await (await fetch(`${worker.url}/log`)).text();
    await waitForSpan('GET /log');
    const span = worker.sink.spans.find(({ name }) => name === 'GET');
    expect(span?.events.map(({ name }) => name)).toEqual(['invocation canceled']);
    expect(Number(span?.endTime) - Number(span?.startTime)).toBeLessThan(500e6);
    expect(span?.status.code).toBe(0);
  });

  test('passes on what a handler throws, and stays alive', async () => {
    expect((await fetch(`${worker.url}/throw`)).status).toBe(500);
    expect((await fetch(`${worker.url}/log`)).status).toBe(200);
  });

  test('shows a log record as one line, and exports it', async () => {
    await (await fetch(`${worker.url}/log`)).text();
    await worker.sink.waitFor(({ logs }) => logs.some(({ body }) => body === 'a\nb'));
    expect(worker.output()).toMatch(/^WARN shop a\\nb n=1 trace_id=[\da-f]{32}$/m);
  });
});

test('a Worker that Cloudflare traces exports no spans of its own, and enriches the root span', async () => {
  await using worker = await startWorker({ entry, source: TRACED });
  const seen = await (await fetch(`${worker.url}/later`)).json();
  expect(seen).toMatchObject({
    name: 'GET /later',
    attributes: { 'http.route': '/later' },
  });
  await worker.sink.waitFor(({ requests }) => requests.some(({ signal }) => signal === 'metrics'));
  expect(worker.sink.spans).toEqual([]);
  expect(worker.output()).toContain('Cloudflare traces this Worker (observability.traces)');
});

test('a Worker whose invocations Wrangler records for its local pages exports its spans', async () => {
  const flags = ['streaming_tail_worker', 'tail_worker_user_spans'];
  await using worker = await startWorker({ entry, source: TRACED, flags });
  const seen = await (await fetch(`${worker.url}/later`)).json();
  expect(seen).toEqual({ attributes: {} });
  await worker.sink.waitFor(({ spans }) => spans.some(({ name }) => name === 'GET /later'));
  expect(worker.output()).not.toContain('Cloudflare traces');
});

test('mistakes in the bindings are reported as on other runtimes, without secrets', async () => {
  const env = {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_EXPORTER: 'console,otlp',
    OTEL_CONFIG_FILE: 'otel.yaml',
    OTEL_EXPORTER_OTLP_HEADERS: 's3cret',
    OTEL_BSP_MAX_QUEUE_SIZE: 'many',
    OTEL_LOG_EXPORTER: 'otlp',
    OTEL_METRICS_EXEMPLAR_FILTER: 'always_on',
  };
  await using worker = await startWorker({ entry, source: PLAIN, env });
  await (await fetch(`${worker.url}/log`)).text();
  await worker.sink.waitFor(({ spans }) => spans.length > 0);
  const lines = worker.output().split('\n');
  for (const line of [
    'OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" is not available on Workers; using the default (http/protobuf); use http/protobuf or http/json',
    'OTEL_TRACES_EXPORTER: "console,otlp" has "console", which is not available on Workers; using only otlp; use a list of otlp or none',
    'OTEL_CONFIG_FILE: "otel.yaml" is not available on Workers; ignoring it; set each variable in the Wrangler configuration',
    'OTEL_METRICS_EXEMPLAR_FILTER: "always_on" is not available on Workers; ignoring it; remove it',
    'OTEL_LOG_EXPORTER: unknown variable; did you mean OTEL_LOGS_EXPORTER?',
  ]) {
    expect(lines).toContain(line);
  }
  expect(worker.output()).toContain('OTEL_BSP_MAX_QUEUE_SIZE: "many" is not a whole number; using');
  expect(worker.output()).not.toContain('s3cret');
});

test('instrument() refuses a class, whose handlers it would not find', () => {
  class Entrypoint {
    fetch() {}
  }
  expect(() => instrument(Entrypoint)).toThrow(
    'found none of the handlers fetch, scheduled, queue, email, tail',
  );
});

test('readSettings() reports a binding with the name of a setting that is not text', () => {
  const { problems } = readSettings({ OTEL_EXPORTER_OTLP_HEADERS: { get() {} }, DB: {} });
  expect(problems.map(describeProblem)).toEqual([
    'OTEL_EXPORTER_OTLP_HEADERS: the binding is not text; ignoring it; use vars or `npx wrangler secret put OTEL_EXPORTER_OTLP_HEADERS`',
  ]);
});

test('OTEL_SDK_DISABLED exports nothing, and log records remain visible', async () => {
  await using sink = await startOtlpSink();
  await using worker = await startWorker({
    entry,
    source: PLAIN,
    sink,
    env: { OTEL_SDK_DISABLED: 'true' },
  });
  await (await fetch(`${worker.url}/log`)).text();
  await (await fetch(`${worker.url}/stream`)).text();
  expect(worker.output()).toContain('WARN shop a\\nb n=1');
  expect(sink.requests).toEqual([]);
});
