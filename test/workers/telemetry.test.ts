import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OtlpSpan } from '../support/otlp-records.ts';
import { type StartedWorker, startWorker } from '../support/start-worker.ts';

const SECRETS = ['Bearer-s3cret', 'cookie-s3cret', 'query-s3cret', 'jane@example.org'];
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';

describe.each(['http/protobuf', 'http/json'])('what a Worker sends as %s', (protocol) => {
  let worker: StartedWorker;
  beforeAll(async () => {
    worker = await startWorker({
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, DEMO: 'true', OTEL_LOG_LEVEL: 'debug' },
    });
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  /** Sends a request and returns its server span. */
  async function trace(path: string, init: RequestInit = {}): Promise<OtlpSpan> {
    const { sink, url } = worker;
    const count = sink.spans.filter(({ kind }) => kind === 2).length;
    await (await fetch(url + path, { redirect: 'manual', ...init })).text();
    await sink.waitFor(({ spans }) => spans.filter(({ kind }) => kind === 2).length > count);
    return sink.spans.findLast(({ kind }) => kind === 2) as OtlpSpan;
  }

  function addTask(task: string, headers: Record<string, string> = {}): Promise<OtlpSpan> {
    return trace('/add', { method: 'POST', body: new URLSearchParams({ task }), headers });
  }

  test('a request, its SQL and its log record are one trace', async () => {
    const traceparent = `00-${TRACE_ID}-${PARENT_ID}-01`;
    const server = await addTask(`write to ${SECRETS[3]}`, {
      traceparent,
      authorization: `${SECRETS[0]}`,
      cookie: `session=${SECRETS[1]}`,
    });
    expect(server).toMatchObject({
      name: 'POST /add',
      traceId: TRACE_ID,
      parentSpanId: PARENT_ID,
      status: { code: 0 },
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/add',
        'url.path': '/add',
        'url.scheme': 'http',
        'http.response.status_code': expect.anything(),
      },
      resource: { 'service.name': 'todo', 'process.runtime.name': 'workerd' },
    });
    expect(worker.sink.spans.find(({ name }) => name === 'INSERT tasks')).toMatchObject({
      kind: 3,
      traceId: TRACE_ID,
      parentSpanId: server.spanId,
      attributes: {
        'db.system.name': 'sqlite',
        'db.operation.name': 'INSERT',
        'db.query.summary': 'INSERT tasks',
        'db.query.text': expect.stringMatching(/^insert into "tasks" .*values \(null, \?/),
      },
    });
    // Each signal is sent in a request of its own: logs may arrive after spans.
    await worker.sink.waitFor(({ logs }) => logs.some(({ body }) => body === 'task added'));
    expect(worker.sink.logs.find(({ body }) => body === 'task added')).toMatchObject({
      traceId: TRACE_ID,
      spanId: server.spanId,
      severityText: 'INFO',
    });
  });

  test('an unknown path has no route, and an unknown method is _OTHER', async () => {
    const unknown = await trace('/unknown/path');
    expect(unknown).toMatchObject({ name: 'GET', status: { code: 0 } });
    expect(unknown.attributes).not.toHaveProperty('http.route');
    expect(await trace('/unknown', { method: 'PROPFIND' })).toMatchObject({
      name: 'HTTP',
      attributes: {
        'http.request.method': '_OTHER',
        'http.request.method_original': 'PROPFIND',
      },
    });
  });

  test('a handler that throws makes a span with ERROR and its exception', async () => {
    const server = await trace('/demo/error', { method: 'POST' });
    expect(server).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'DemoError', 'http.response.status_code': expect.anything() },
      events: [{ name: 'exception', attributes: { 'exception.type': 'DemoError' } }],
    });
  });

  test('50 concurrent requests keep their traces, and so do their log records', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => i.toString(16).padStart(32, 'a'));
    await Promise.all(
      ids.map(async (id) => {
        const headers = { traceparent: `00-${id}-${PARENT_ID}-01` };
        const body = new URLSearchParams({ task: 'milk' });
        const init = { method: 'POST', redirect: 'manual', body, headers } as const;
        await fetch(`${worker.url}/add`, init);
      }),
    );
    const of = (records: readonly { traceId: string }[], id: string) =>
      records.filter(({ traceId }) => traceId === id);
    await worker.sink.waitFor(({ spans, logs }) =>
      ids.every((id) => of(spans, id).length === 2 && of(logs, id).length === 1),
    );
    for (const id of ids) {
      const spans = of(worker.sink.spans, id) as OtlpSpan[];
      const server = spans.find(({ kind }) => kind === 2);
      expect(server?.parentSpanId).toBe(PARENT_ID);
      expect(spans.find(({ kind }) => kind === 3)?.parentSpanId).toBe(server?.spanId);
    }
  });

  test('a parent that is not sampled is followed', async () => {
    const id = 'b'.repeat(32);
    const headers = { traceparent: `00-${id}-${PARENT_ID}-00` };
    const response = await fetch(worker.url, { headers });
    expect(response.headers.get('server-timing')).toMatch(new RegExp(`00-${id}-\\w+-00`));
    await trace('/api/tasks');
    expect(worker.sink.spans.filter(({ traceId }) => traceId === id)).toEqual([]);
  });

  test('metrics are deltas, except for sums that go down', async () => {
    await worker.sink.waitFor(({ metrics }) => metrics.some(({ name }) => name === 'task.count'));
    const temporalities = new Map(
      worker.sink.metrics.map(({ name, type, temporality }) => [name, [type, temporality]]),
    );
    expect(temporalities.get('http.server.request.duration')).toEqual(['histogram', 1]);
    expect(temporalities.get('db.client.operation.duration')).toEqual(['histogram', 1]);
    expect(temporalities.get('task.changes')).toEqual(['sum', 1]);
    expect(temporalities.get('task.count')).toEqual(['sum', 2]);
  });

  test('spans of the pages are accepted and exported', async () => {
    const span = {
      traceId: 'c'.repeat(32),
      spanId: 'd'.repeat(16),
      flags: 1,
      name: 'documentLoad',
      kind: 1,
      startTimeUnixNano: `${Date.now()}000000`,
      endTimeUnixNano: `${Date.now()}000001`,
      attributes: [],
    };
    const response = await fetch(`${worker.url}/otlp/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: worker.url },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    });
    expect(response.status).toBe(200);
    await worker.sink.waitFor(({ spans }) => spans.some(({ name }) => name === 'documentLoad'));
    expect(worker.sink.spans.find(({ name }) => name === 'documentLoad')?.resource).toMatchObject({
      'service.name': 'todo-web',
    });
  });

  test('the cron trigger makes a span of a job', async () => {
    await worker.trigger();
    await worker.sink.waitFor(({ spans }) =>
      spans.some(({ name }) => name === 'purge-removed-tasks'),
    );
  });

  test('every request decodes by the official definitions, with no unknown field', () => {
    const { problems, requests } = worker.sink;
    expect(problems).toEqual([]);
    expect(requests.flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
    const types = new Set(requests.map(({ headers }) => headers['content-type']));
    expect([...types]).toEqual([
      protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    ]);
  });

  test('no secret is in a signal or in the output', async () => {
    await trace(`/?%73ig=${SECRETS[2]}&Token=${SECRETS[2]}&page=1`);
    const sent = worker.sink.requests
      .map(({ body }) => Buffer.from(body).toString('latin1'))
      .join();
    expect(sent).toContain('REDACTED');
    for (const secret of SECRETS) {
      expect(sent).not.toContain(secret);
      expect(worker.output()).not.toContain(secret);
    }
  });
});
