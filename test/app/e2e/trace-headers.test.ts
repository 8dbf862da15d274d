import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

/** Name and trace ID of a response header. */
type TraceHeader = readonly [string, string | undefined];

function traceHeaders({ headers }: Response): TraceHeader[] {
  const timing = headers.get('server-timing');
  const response = headers.get('traceresponse');
  return [
    ...(timing === null
      ? []
      : [['Server-Timing', /^trace;desc="(.*)"$/.exec(timing)?.[1]] as const]),
    ...(response === null ? [] : [['traceresponse', response] as const]),
  ];
}

const CROSS_SITE = { headers: { 'Sec-Fetch-Site': 'cross-site' } };
const LARGE = { body: new URLSearchParams({ task: 'x'.repeat(100_000) }) };

describe('the header with the trace ID', () => {
  let sink: OtlpSink;
  let app: SpawnedApp;
  const answers: [string, string, TraceHeader[]][] = [];
  const requests: [string, RequestInit, number, string][] = [
    ['/', {}, 200, 'Server-Timing'],
    ['/', { method: 'HEAD' }, 200, 'Server-Timing'],
    ['/nowhere', {}, 404, 'Server-Timing'],
    ['/add', {}, 405, 'Server-Timing'],
    ['/add', { method: 'POST', body: new URLSearchParams({ task: 'milk' }) }, 303, 'traceresponse'],
    ['/add', { method: 'POST', body: new URLSearchParams({ task: '' }) }, 422, 'Server-Timing'],
    ['/add', { method: 'POST', ...CROSS_SITE }, 403, 'Server-Timing'],
    ['/add', { method: 'POST', ...LARGE }, 413, 'Server-Timing'],
    ['/demo/error', { method: 'POST' }, 500, 'Server-Timing'],
    ['/api/tasks', {}, 200, 'traceresponse'],
    ['/api/tasks/999', {}, 404, 'traceresponse'],
    ['/api/nowhere', {}, 404, 'traceresponse'],
    ['/api/tasks', { method: 'POST', ...CROSS_SITE }, 403, 'traceresponse'],
    ['/api/tasks', { method: 'DELETE' }, 204, 'traceresponse'],
  ];

  beforeAll(async () => {
    sink = await startOtlpSink();
    app = await spawnApp({
      args: ['--otlp', '--demo'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    });
    for (const [path, init] of requests) {
      const response = await fetch(app.url + path, { ...init, redirect: 'manual' });
      await response.arrayBuffer();
      answers.push([path, String(response.status), traceHeaders(response)]);
    }
    for (const path of ['/healthz', '/favicon.svg']) {
      expect(traceHeaders(await fetch(app.url + path))).toEqual([]);
    }
    expect((await app.stop()).code).toBe(0);
  });
  afterAll(() => sink.close());

  test.each(requests.map(([path, init, status, name], i) => ({ path, init, status, name, i })))(
    'the response to $path, $status, has $name with the span of the server',
    ({ path, status, name, i }) => {
      const [, answered, [[header, id] = [], ...more] = []] = answers[i] ?? [];
      expect([answered, header, more]).toEqual([String(status), name, []]);
      const [, traceId, spanId, flags] = id?.split('-') ?? [];
      expect(flags).toBe('01');
      const span = sink.spans.find((each) => each.spanId === spanId);
      expect(span).toMatchObject({ kind: 2, traceId });
      expect(span?.attributes['url.path']).toBe(path);
    },
  );
});

test('no response header has a trace ID without an SDK, not even the caller’s', async () => {
  await using app = await spawnApp({ env: { OTEL_SDK_DISABLED: 'true' } });
  const headers = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  for (const path of ['/', '/api/tasks', '/nowhere']) {
    expect(traceHeaders(await fetch(app.url + path, { headers }))).toEqual([]);
  }
});
