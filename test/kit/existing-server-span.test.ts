import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

function createApp(): Hono {
  const app = new Hono().use(traceHttp(telemetry));
  app.get('/call', (c) => c.text('milk'));
  return app;
}

describe('traceHttp() under the span of another instrumentation', () => {
  /** Sends a request within a span, as another instrumentation of the server does. */
  async function underOuter(
    app: Hono,
    path: string,
    headers: Record<string, string> = {},
    kind = SpanKind.SERVER,
  ) {
    const tracer = telemetry.tracerProvider.getTracer('@opentelemetry/instrumentation-http');
    const outer = tracer.startSpan('GET', { kind, attributes: { 'url.path': path } }, ROOT_CONTEXT);
    const active = trace.setSpan(ROOT_CONTEXT, outer);
    const response = await context.with(active, () => app.request(path, { headers }));
    outer.end();
    return response;
  }

  test('traceHttp() enriches an existing SERVER span instead of creating one', async () => {
    const app = createApp().get('/tasks/:id', (c) => c.text('milk'));
    await underOuter(app, '/tasks/1');
    expect(telemetry.span().name).toBe('GET /tasks/:id');
    expect(telemetry.span().attributes).toEqual({
      'http.route': '/tasks/:id',
      'url.path': '/tasks/1',
    });
    expect(await telemetry.metrics()).toEqual([]);
  });

  test('traceHttp() records captured headers and opt-in attributes on an existing span', async () => {
    const app = new Hono().use(
      traceHttp({
        ...telemetry,
        captureRequestHeaders: ['x-tenant'],
        captureResponseHeaders: ['content-type'],
        optIn: { syntheticType: true },
      }),
    );
    app.get('/call', (c) => c.json('milk'));
    await underOuter(app, '/call', { 'x-tenant': 'acme', 'user-agent': 'k6/1.0' });
    expect(telemetry.span().attributes).toEqual({
      'http.request.header.x-tenant': ['acme'],
      'http.response.header.content-type': ['application/json'],
      'http.route': '/call',
      'url.path': '/call',
      'user_agent.synthetic.type': 'test',
    });
  });

  test('traceHttp() records exceptions on an existing span', async () => {
    const app = createApp().get('/error', () => {
      throw new TypeError('no');
    });
    await underOuter(
      app.onError((_error, c) => c.text('sorry', 500)),
      '/error',
    );
    expect(telemetry.span()).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'TypeError' },
      events: [{ name: 'exception' }],
    });
  });

  test('traceHttp() creates a span for app.request() below an existing span', async () => {
    const app = createApp();
    app.get('/page', async (c) => c.text(await (await app.request('/call')).text()));
    await underOuter(app, '/page');
    const [inner, outer] = telemetry.spans();
    expect([inner?.name, outer?.name]).toEqual(['GET /call', 'GET /page']);
    expect(inner?.parentSpanContext).toEqual(outer?.spanContext());
    expect(outer?.attributes['http.route']).toBe('/page');
  });

  test('traceHttp() creates a SERVER span below a span of another kind', async () => {
    await underOuter(createApp(), '/call', {}, SpanKind.INTERNAL);
    expect(telemetry.spans().map(({ kind }) => kind)).toEqual([SpanKind.SERVER, SpanKind.INTERNAL]);
  });

  test('traceHttp() creates a SERVER span below a span that has ended', async () => {
    const outer = telemetry.tracerProvider
      .getTracer('test')
      .startSpan('GET', { kind: SpanKind.SERVER });
    outer.end();
    await context.with(trace.setSpan(ROOT_CONTEXT, outer), () => createApp().request('/call'));
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['GET', 'GET /call']);
  });

  test('traceHttp() creates a span for app.request() below its own span', async () => {
    const app = createApp();
    app.get('/page', async (c) => c.text(await (await app.request('/call')).text()));
    await app.request('/page');
    const [inner, outer] = telemetry.spans();
    expect([inner?.name, outer?.name]).toEqual(['GET /call', 'GET /page']);
    expect(inner?.parentSpanContext).toEqual(outer?.spanContext());
  });
});
