import { SpanKind } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { routePath } from 'hono/route';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  currentTraceId,
  type TraceHttpOptions,
  traceHttp,
} from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();
let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

function createApp(options: TraceHttpOptions): Hono {
  return new Hono()
    .use(traceHttp({ ...telemetry, ...options }))
    .get('/tasks/:id', (c) => c.text(currentTraceId() ?? 'none', 201))
    .get('/healthz', (c) => c.text('ok'))
    .get('/assets/*', (c) => c.text('css'));
}

describe('traceHttp() with hooks', () => {
  test('calls onRequest before the handlers and onResponse after them', async () => {
    const calls: unknown[] = [];
    await createApp({
      onRequest(span, c) {
        calls.push(['request', c.req.path, c.finalized]);
        span.setAttribute('tenant', 'acme');
      },
      onResponse(span, c) {
        calls.push(['response', c.res.status, c.finalized]);
        span.setAttribute('size', 'small');
      },
    }).request('/tasks/7');
    expect(calls).toEqual([
      ['request', '/tasks/7', false],
      ['response', 201, true],
    ]);
    expect(telemetry.span().attributes).toMatchObject({
      'http.route': '/tasks/:id',
      size: 'small',
      tenant: 'acme',
    });
  });

  test.each(['onRequest', 'onResponse'] as const)('keeps the name that %s sets', async (hook) => {
    await createApp({
      [hook]: (span: { updateName(name: string): void }) => span.updateName('my name'),
    }).request('/tasks/7');
    expect(telemetry.span().name).toBe('my name');
    expect(telemetry.span().attributes['http.route']).toBe('/tasks/:id');
  });

  test.each(['onRequest', 'onResponse'] as const)('survives an exception of %s', async (hook) => {
    const response = await createApp({
      [hook]() {
        throw new RangeError('no');
      },
    }).request('/tasks/7');
    expect(response.status).toBe(201);
    expect(telemetry.span().attributes['http.response.status_code']).toBe(201);
  });

  test('calls the hooks with a span that another instrumentation has started', async () => {
    const names: string[] = [];
    const options = {
      onRequest: () => names.push('request'),
      onResponse: () => names.push('response'),
    };
    const app = createApp(options as unknown as TraceHttpOptions);
    const tracer = telemetry.tracerProvider.getTracer('other');
    await tracer.startActiveSpan('GET', { kind: SpanKind.SERVER }, async (span) => {
      await app.request('/tasks/7');
      span.end();
    });
    expect(names).toEqual(['request', 'response']);
    expect(telemetry.span().name).toBe('GET /tasks/:id');
  });
});

test.each<[TraceHttpOptions['exclude'], string, number]>([
  [['/healthz'], '/healthz', 0],
  [['/healthz'], '/tasks/7', 1],
  [[/^\/assets\//], '/assets/a.css', 0],
  [[/^\/assets\//g], '/tasks/7', 1],
  [(c) => c.req.path === '/healthz', '/healthz', 0],
  [[], '/healthz', 1],
])('traceHttp({ exclude: %s }) records %s in %i spans', async (exclude = [], path, count) => {
  const app = createApp({ exclude });
  for (let i = 0; i < 2; i++) expect((await app.request(path)).ok).toBe(true);
  expect(telemetry.spans()).toHaveLength(2 * count);
});

describe('startAttributes', () => {
  test('are visible to the sampler, which decides by them', async () => {
    telemetry = recordTelemetry({
      shouldSample: (_context, _traceId, _name, _kind, { 'app.route': route }) => ({
        decision:
          route === '/tasks/:id'
            ? SamplingDecision.RECORD_AND_SAMPLED
            : SamplingDecision.NOT_RECORD,
      }),
      toString: () => 'by attribute',
    });
    const app = createApp({ startAttributes: (c) => ({ 'app.route': routePath(c, -1) }) });
    await app.request('/healthz');
    await app.request('/tasks/7');
    expect(telemetry.span().name).toBe('GET /tasks/:id');
    expect(telemetry.span().attributes['app.route']).toBe('/tasks/:id');
  });

  test('are set on a span that another instrumentation has started', async () => {
    const app = createApp({ startAttributes: () => ({ tenant: 'acme' }) });
    const tracer = telemetry.tracerProvider.getTracer('other');
    await tracer.startActiveSpan('GET', { kind: SpanKind.SERVER }, async (span) => {
      await app.request('/tasks/7');
      span.end();
    });
    expect(telemetry.span().attributes).toMatchObject({
      tenant: 'acme',
      'http.route': '/tasks/:id',
    });
  });

  test('do not change the span if their callback throws', async () => {
    const app = createApp({
      startAttributes() {
        throw new RangeError('no');
      },
    });
    expect((await app.request('/tasks/7')).status).toBe(201);
    expect(telemetry.span().attributes['http.route']).toBe('/tasks/:id');
  });
});

test('serverName replaces the host that the client has sent', async () => {
  await createApp({ serverName: 'shop.example' }).request('http://evil.example:81/tasks/7');
  expect(telemetry.span().attributes).toMatchObject({
    'server.address': 'shop.example',
    'server.port': 81,
  });
});

test('currentTraceId() is the trace of the request, and undefined outside of it', async () => {
  const response = await createApp({}).request('/tasks/7');
  expect(await response.text()).toBe(telemetry.span().spanContext().traceId);
  expect(currentTraceId()).toBeUndefined();
});
