import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { mount } from 'hono/mount';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { activeRequest } from '../../packages/hono-opentelemetry/src/active-request.ts';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { createFastTracerProvider } from '../../packages/opentelemetry-instrument/src/sdk/fast-path/tracer.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();
beforeAll(() => void propagation.setGlobalPropagator(new W3CTraceContextPropagator()));
afterAll(() => propagation.disable());

const PARENT = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const headers = { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01` };

interface Recording extends Pick<RecordedTelemetry, 'spans' | 'points'> {
  readonly options: Parameters<typeof traceHttp>[0];
}

function recordBySdk(): Recording {
  const telemetry = recordTelemetry();
  return { ...telemetry, options: telemetry };
}

function recordByFastPath(): Recording {
  const telemetry = recordTelemetry();
  const exporter = new InMemorySpanExporter();
  const tracerProvider: TracerProvider = createFastTracerProvider({
    resource: emptyResource(),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanLimits: {
      attributeCountLimit: 128,
      attributeValueLengthLimit: Number.POSITIVE_INFINITY,
      eventCountLimit: 128,
      linkCountLimit: 128,
      attributePerEventCountLimit: 128,
      attributePerLinkCountLimit: 128,
    },
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  return {
    ...telemetry,
    spans: () => exporter.getFinishedSpans(),
    options: { ...telemetry, tracerProvider },
  };
}

describe.each([
  ['the SDK', recordBySdk],
  ['the fast path', recordByFastPath],
])('traceHttp() with spans of %s', (_name, record) => {
  let telemetry: Recording;
  beforeEach(() => {
    telemetry = record();
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });

  function createApp(): Hono {
    return new Hono().use(traceHttp(telemetry.options));
  }

  function createShop(): Hono {
    return createApp()
      .get('/', (c) => c.text('shop'))
      .get('/items/:id', (c) => c.text(c.req.param('id')))
      .get('/broken', () => {
        throw new TypeError('no');
      });
  }

  /** Returns the only SERVER span of a request, which agrees with the only duration. */
  async function served(app: Hono, path: string, init: RequestInit = { headers }) {
    const response = await app.request(path, init);
    await response.text();
    const servers = telemetry.spans().filter(({ kind }) => kind === SpanKind.SERVER);
    expect(servers).toHaveLength(1);
    const points = await telemetry.points('http.server.request.duration');
    expect(points).toHaveLength(1);
    expect(points[0]?.value).toMatchObject({ count: 1 });
    const [span] = servers;
    if (span === undefined) throw new Error('No span ended.');
    expect(points[0]?.attributes['http.route']).toBe(span.attributes['http.route']);
    expect(span.parentSpanContext).toMatchObject(PARENT);
    return { span, spans: telemetry.spans(), status: response.status };
  }

  test.each<[string, (app: Hono) => void, string, string]>([
    [
      'mount()',
      (app) => app.mount('/shop', createShop().fetch),
      '/shop/items/7',
      '/shop/items/:id',
    ],
    ['mount() of its root', (app) => app.mount('/shop', createShop().fetch), '/shop', '/shop'],
    [
      'mount() with an encoded path',
      (app) => app.mount('/shop', createShop().fetch),
      '/shop/items/%C3%A4%20b?a=1',
      '/shop/items/:id',
    ],
    [
      'mount() below a parameter',
      (app) => app.mount('/:tenant/shop', createShop().fetch),
      '/acme/shop/items/7',
      '/:tenant/shop/items/:id',
    ],
    [
      'mount() in a sub-application',
      (app) => app.route('/api', new Hono().mount('/shop', createShop().fetch)),
      '/api/shop/items/7',
      '/api/shop/items/:id',
    ],
    [
      'mount() of a mounted app',
      (app) => app.mount('/a', createApp().mount('/b', createShop().fetch).fetch),
      '/a/b/items/7',
      '/a/b/items/:id',
    ],
    [
      'mount() that keeps the request',
      (app) => {
        const shop = createApp().get('/shop/items/:id', (c) => c.text('milk'));
        app.mount('/shop', shop.fetch, { replaceRequest: false });
      },
      '/shop/items/7',
      '/shop/items/:id',
    ],
    [
      'the handler mount()',
      (app) => app.all('/shop/*', mount(createShop().fetch)),
      '/shop/items/7',
      '/shop/items/:id',
    ],
    [
      'a handler that passes the request on',
      (app) => app.all('/items/*', (c) => createShop().fetch(c.req.raw, c.env)),
      '/items/7',
      '/items/:id',
    ],
  ])('makes one span with the whole route for %s', async (_how, register, path, route) => {
    const app = createApp();
    register(app);
    const { span, spans, status } = await served(app, path);
    expect(status).toBe(200);
    expect(spans).toHaveLength(1);
    expect(span.name).toBe(`GET ${route}`);
    expect(span.attributes['http.route']).toBe(route);
    expect(span.attributes['url.path']).toBe(path.split('?')[0]);
  });

  test('leaves http.route out when nothing in a mounted app matches', async () => {
    const { span, status } = await served(
      createApp().mount('/shop', createShop().fetch),
      '/shop/x',
    );
    expect([status, span.name, span.attributes['http.route']]).toEqual([404, 'GET', undefined]);
  });

  test('records the exception that a mounted app has answered', async () => {
    const app = createApp().mount('/shop', createShop().fetch);
    const { span } = await served(app, '/shop/broken');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).toMatchObject({
      'error.type': 'TypeError',
      'http.response.status_code': 500,
      'http.route': '/shop/broken',
    });
    expect(span.events).toHaveLength(1);
  });

  test.each([
    ['with the headers of the request', (c: { headers: Headers }) => ({ headers: c.headers })],
    ['without headers', () => ({})],
  ])('adds an INTERNAL span below the handler for app.request() %s', async (_how, init) => {
    const app = createShop();
    app.get('/page', async (c) => {
      const inner = await app.request('/items/7', init(c.req.raw));
      return c.text(`page ${await inner.text()}`);
    });
    const { span, spans } = await served(app, '/page');
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
      ['GET /items/:id', SpanKind.INTERNAL],
      ['GET /page', SpanKind.SERVER],
    ]);
    expect(spans[0]?.parentSpanContext).toEqual(span.spanContext());
    expect(spans[0]?.attributes['http.response.status_code']).toBe(200);
  });

  test('an inner request with the bindings of the outer one has its own span', async () => {
    const app = createApp().post('/inner', (c) => c.text('milk'));
    const env = {
      incoming: { headers: {}, httpVersion: '1.1', socket: {} },
      outgoing: { closed: false, headersSent: true, statusCode: 200, setHeader() {}, once() {} },
    };
    app.get('/page', async (c) => {
      await app.request('/inner', { method: 'POST' }, c.env);
      return c.text('milk');
    });
    await app.request('/page', {}, env);
    // The outer one ends with `outgoing`, which stays open.
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['POST /inner']);
  });

  test('the context of a request to Deno.serve() does not keep it after its end', async () => {
    const app = createShop();
    let kept = ROOT_CONTEXT;
    app.get('/page', (c) => {
      kept = context.active();
      expect(activeRequest()?.c).toBe(c);
      return c.text('milk');
    });
    await app.request('/page', {}, { completed: Promise.resolve() });
    await Promise.resolve();
    expect(activeRequest(kept)).toMatchObject({ c: undefined });
  });

  test.each([
    ['without an environment', () => undefined],
    ['with that of the ended request', (env: object) => env],
  ])('an inner request that is made after the end, %s, stays an inner one', async (_how, pass) => {
    const app = createShop();
    const env = { completed: Promise.resolve() };
    let kept = ROOT_CONTEXT;
    app.get('/page', (c) => {
      kept = context.active();
      return c.text('milk');
    });
    await app.request('/page', {}, env);
    await Promise.resolve();
    const outer = telemetry.spans().at(-1);
    await context.with(kept, () => app.request('/items/7', {}, pass(env)));
    const late = telemetry.spans().at(-1);
    expect(late?.kind).toBe(SpanKind.INTERNAL);
    expect(late?.parentSpanContext).toEqual(outer?.spanContext());
  });

  test('starts a span for a request that a server receives in the context of another', async () => {
    const app = createShop();
    app.get('/page', async (c) => {
      await app.request('/items/7', { headers }, { incoming: { headers, socket: {} } });
      return c.text('milk');
    });
    await app.request('/page', { headers });
    const [received] = telemetry.spans();
    expect(received?.kind).toBe(SpanKind.SERVER);
    expect(received?.parentSpanContext).toMatchObject(PARENT);
  });

  test('keeps a name that the app gave by updateName()', async () => {
    const app = createApp().get('/rpc/:name', (c) => {
      trace.getActiveSpan()?.updateName('tasks.list');
      return c.text('milk');
    });
    const { span } = await served(app, '/rpc/x');
    expect([span.name, span.attributes['http.route']]).toEqual(['tasks.list', '/rpc/:name']);
  });
});
