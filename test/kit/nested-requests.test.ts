import { setTimeout as sleep } from 'node:timers/promises';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { hrTimeToMilliseconds, W3CTraceContextPropagator } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type Context, Hono } from 'hono';
import { mount } from 'hono/mount';
import { streamText } from 'hono/streaming';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { activeRequest } from '../../packages/hono-opentelemetry/src/active-request.ts';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { createFastTracerProvider } from '../../packages/opentelemetry-instrument/src/sdk/fast-path/tracer.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { createGate, gatedStream } from '../support/gated-stream.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';
import { waitUntil } from '../support/wait-until.ts';

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
    ['mount() at the root', (app) => app.mount('/', createShop().fetch), '/items/7', '/items/:id'],
    [
      'mount() with a request of its own',
      (app) => {
        const shop = createApp().get('/shop/items/:id', (c) => c.text('milk'));
        app.mount('/shop', shop.fetch, { replaceRequest: (request) => new Request(request) });
      },
      '/shop/items/7',
      '/shop/items/:id',
    ],
    [
      'mount() of the app itself',
      (app) => app.get('/items/:id', (c) => c.text('milk')).mount('/v1', app.fetch),
      '/v1/items/7',
      '/v1/items/:id',
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

  /** Sends a request with an environment, as a server does, and returns the kinds and names of its spans. */
  async function spansOf(app: Hono, path: string, init: RequestInit = {}): Promise<unknown[]> {
    const response = await app.request(path, init, { peer: { address: '192.0.2.1' } });
    expect(response.status).toBe(200);
    await response.text();
    const server = telemetry.spans().find(({ kind }) => kind === SpanKind.SERVER);
    for (const { kind, parentSpanContext } of telemetry.spans()) {
      if (kind === SpanKind.INTERNAL) expect(parentSpanContext).toEqual(server?.spanContext());
    }
    return telemetry.spans().map(({ kind, name }) => [SpanKind[kind], name]);
  }

  const environments: [string, (c: Context) => object | undefined][] = [
    ['without an environment', () => undefined],
    ['with that of the outer one', (c) => c.env],
  ];

  test.each(environments)(
    'adds an INTERNAL span for each request of a handler to its own path, %s',
    async (_how, pass) => {
      const app = createApp();
      app.post('/rpc', async (c) => {
        const calls: unknown = await c.req.json();
        if (!Array.isArray(calls)) return c.json(calls);
        const results = calls.map(async (call) => {
          const init = { method: 'POST', body: JSON.stringify(call) };
          return (await app.request('/rpc', init, pass(c))).json();
        });
        return c.json(await Promise.all(results));
      });
      expect(await spansOf(app, '/rpc', { method: 'POST', body: '[1,2]' })).toEqual([
        ['INTERNAL', 'POST /rpc'],
        ['INTERNAL', 'POST /rpc'],
        ['SERVER', 'POST /rpc'],
      ]);
    },
  );

  test('adds an INTERNAL span for a request of a handler to its path in another app', async () => {
    const app = createApp().get('/items/7', async (c) =>
      c.text(await (await createShop().request(c.req.path)).text()),
    );
    expect(await spansOf(app, '/items/7')).toEqual([
      ['INTERNAL', 'GET /items/:id'],
      ['SERVER', 'GET /items/7'],
    ]);
  });

  test('adds an INTERNAL span for a request of a handler to the rest of its path', async () => {
    const app = createShop();
    app.get('/pages/*', async (c) =>
      c.text(await (await app.request(c.req.path.replace('/pages', ''))).text()),
    );
    expect(await spansOf(app, '/pages/items/7')).toEqual([
      ['INTERNAL', 'GET /items/:id'],
      ['SERVER', 'GET /pages/*'],
    ]);
  });

  describe.each(environments)('a request of a handler of an excluded one, %s', (_how, pass) => {
    function createProbed(): Hono {
      const app = new Hono().use(traceHttp({ ...telemetry.options, exclude: ['/healthz'] }));
      app.get('/items/:id', (c) => c.text('milk'));
      app.get('/healthz', async (c) => {
        await sleep(1);
        return c.text(await (await app.request('/items/7', {}, pass(c))).text());
      });
      return app;
    }

    test.each([
      ['is INTERNAL in the trace of the caller', { headers }, PARENT],
      ['is INTERNAL in a trace of its own', {}, undefined],
    ])('%s, and has no duration', async (_what, init, parent) => {
      await createProbed().request('/healthz', init, { peer: { address: '192.0.2.1' } });
      const [span, ...more] = telemetry.spans();
      expect([span?.name, span?.kind, more]).toEqual(['GET /items/:id', SpanKind.INTERNAL, []]);
      expect(span?.parentSpanContext?.spanId).toBe(parent?.spanId);
      expect(await telemetry.points('http.server.request.duration')).toEqual([]);
    });
  });

  test('a mounted app records a request that only the app above it excludes', async () => {
    const app = new Hono().use(traceHttp({ ...telemetry.options, exclude: [/^\/shop/] }));
    const { span, spans } = await served(app.mount('/shop', createShop().fetch), '/shop/items/7');
    expect([span.name, spans.length]).toEqual(['GET /items/:id', 1]);
  });

  const chunked = { headers: { 'transfer-encoding': 'chunked' } };

  test('ends the INTERNAL span of a stream that the handler drops', async ({ skip }) => {
    skip(collectGarbage === undefined, 'Deno cannot collect garbage on demand.');
    const app = createApp();
    app.get('/stream', () => new Response(new Blob(['milk']).stream(), chunked));
    app.get('/endless', (c) =>
      streamText(c, async (out) => {
        while (!out.aborted) await out.write('milk');
      }),
    );
    app.get('/page', async (c) => {
      const statuses = [await app.request('/stream'), await app.request('/endless')].map(
        ({ status }) => status,
      );
      await sleep(10);
      return c.json(statuses);
    });
    const { span: page } = await served(app, '/page');
    await waitUntil(
      () => {
        collectGarbage?.();
        return telemetry.spans().length === 3;
      },
      10_000,
      () => `${telemetry.spans().length} spans ended.`,
    );
    const dropped = telemetry.spans().filter(({ kind }) => kind === SpanKind.INTERNAL);
    expect(dropped.map(({ name }) => name).sort()).toEqual(['GET /endless', 'GET /stream']);
    for (const { attributes, status, endTime } of dropped) {
      expect([attributes['http.response.status_code'], status.code]).toEqual([200, 0]);
      // They end with the headers, not when the garbage is collected.
      expect(hrTimeToMilliseconds(endTime)).toBeLessThan(hrTimeToMilliseconds(page.endTime));
    }
  });

  test('ends the INTERNAL span of a stream with its last byte, once', async () => {
    const app = createApp();
    const gate = createGate();
    app.get('/stream', () => new Response(gatedStream(gate), chunked));
    app.get('/page', async (c) => {
      const inner = await app.request('/stream');
      collectGarbage?.();
      await sleep(20);
      expect(telemetry.spans()).toEqual([]);
      gate.open();
      return c.text(await inner.text());
    });
    const { spans } = await served(app, '/page');
    collectGarbage?.();
    await sleep(20);
    expect(spans.map(({ name }) => name)).toEqual(['GET /stream', 'GET /page']);
    expect(telemetry.spans()).toHaveLength(2);
  });

  test.each<[string, (inner: Response) => unknown]>([
    ['cancels', (inner) => inner.body?.cancel()],
    ['clones', (inner) => Promise.all([inner.clone().text(), inner.text()])],
  ])('records no error if the handler %s the response to its request', async (_how, use) => {
    const app = createApp();
    app.get('/stream', () => new Response(new Blob(['milk']).stream(), chunked));
    app.get('/page', async (c) => {
      await use(await app.request('/stream'));
      return c.text('milk');
    });
    const { spans } = await served(app, '/page');
    expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
      ['GET /stream', SpanStatusCode.UNSET],
      ['GET /page', SpanStatusCode.UNSET],
    ]);
  });

  test('records the status that the handler gets, though the body was read before', async () => {
    const app = createApp();
    app.get('/read', async () => {
      const response = new Response('milk', { status: 202 });
      await response.text();
      return response;
    });
    app.get('/page', async (c) => c.text(`${(await app.request('/read')).status}`));
    const { spans } = await served(app, '/page');
    expect(spans[0]?.attributes['http.response.status_code']).toBe(202);
    expect(spans[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  test('records no error if the signal of the request of a handler is aborted', async () => {
    const app = createShop();
    app.get('/page', async (c) => {
      const signal = AbortSignal.abort();
      return c.text(await (await app.request('/items/7', { signal })).text());
    });
    const { spans } = await served(app, '/page');
    expect(spans[0]?.status.code).toBe(SpanStatusCode.UNSET);
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
