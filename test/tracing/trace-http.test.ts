import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTraceContextPropagator } from '../../src/telemetry/trace-context-propagator.ts';
import { type TraceHttpOptions, traceHttp } from '../../src/tracing/index.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';

const PEER = { peer: { address: '192.0.2.7', port: 4711 } };
const DURATION = 'http.server.request.duration';
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

beforeAll(() => {
  propagation.setGlobalPropagator(createTraceContextPropagator());
});

/** An app with one route of each kind, traced with providers of its own. */
function tracedApp(options: TraceHttpOptions = {}, telemetry = recordTelemetry()) {
  const app = new Hono().onError((error, c) =>
    error instanceof HTTPException ? error.getResponse() : c.text('sorry', 500),
  );
  app.use(traceHttp({ ...telemetry, ...options }));
  app.use('/private/*', async (c, next) =>
    c.req.header('authorization') ? next() : c.text('who are you?', 401),
  );
  app.get('/tasks/:id', (c) => c.text(`task ${c.req.param('id')}`));
  app.get('/private/tasks/:id', (c) => c.text('secret'));
  app.all('/any/*', (c) => c.text('any'));
  app.get('/redirect', (c) => c.redirect('/tasks/1'));
  app.get('/returned/:status', (c) => c.text('', Number(c.req.param('status')) as 200));
  app.get('/thrown/:status', (c) => {
    throw new HTTPException(Number(c.req.param('status')) as 500, { message: 'thrown' });
  });
  app.get('/error', () => {
    throw new TypeError('no such thing');
  });
  app.get('/inject', (c) => {
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    return c.json(carrier);
  });
  const request = (path: string, init?: RequestInit, env: object = PEER) =>
    app.request(path.startsWith('http') ? path : `http://localhost:5000${path}`, init, env);
  return { app, request, telemetry };
}

describe('attributes', () => {
  test('traceHttp() says all that the conventions ask for', async () => {
    const { request, telemetry } = tracedApp();
    await request('/tasks/7?a=1&b', { headers: { 'user-agent': 'test/1' } });
    const span = await telemetry.lastSpan();
    expect(span).toMatchObject({ name: 'GET /tasks/:id', kind: SpanKind.SERVER });
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/tasks/:id',
      'http.response.status_code': 200,
      'url.path': '/tasks/7',
      'url.query': 'a=1&b',
      'url.scheme': 'http',
      'server.address': 'localhost',
      'server.port': 5000,
      'client.address': '192.0.2.7',
      'network.peer.address': '192.0.2.7',
      'network.peer.port': 4711,
      'user_agent.original': 'test/1',
    });
  });

  test.each([
    ['http://localhost/', 'localhost', 80],
    ['https://todo.example/', 'todo.example', 443],
    ['http://[::1]:8080/', '::1', 8080],
    ['http://[2001:db8::1]/', '2001:db8::1', 80],
  ])('traceHttp() takes address and port from %s', async (url, address, port) => {
    const { request, telemetry } = tracedApp();
    await request(url);
    expect((await telemetry.lastSpan()).attributes).toMatchObject({
      'server.address': address,
      'server.port': port,
    });
  });

  test('traceHttp() gives samplers every attribute that is known at the start', async () => {
    let seen: object = {};
    const sampler = {
      shouldSample(...[, , , , attributes]: readonly unknown[]) {
        seen = { ...(attributes as object) };
        return { decision: 2 };
      },
      toString: () => 'recording',
    };
    const { request } = tracedApp({}, recordTelemetry(sampler));
    await request('/tasks/7?sig=x');
    expect(Object.keys(seen).sort()).toEqual([
      'client.address',
      'http.request.method',
      'network.peer.address',
      'network.peer.port',
      'server.address',
      'server.port',
      'url.path',
      'url.query',
      'url.scheme',
    ]);
  });

  test.each([
    ['sig=s&x=1', 'sig=REDACTED&x=1'],
    [
      'x=1&token=t&access_token=a&api_key=k&password=p',
      'x=1&token=REDACTED&access_token=REDACTED&api_key=REDACTED&password=REDACTED',
    ],
    [
      'X-Amz-Signature=a&X-Amz-Credential=b&X-Amz-Security-Token=c',
      'X-Amz-Signature=REDACTED&X-Amz-Credential=REDACTED&X-Amz-Security-Token=REDACTED',
    ],
    [
      'X-Goog-Signature=a&AWSAccessKeyId=b&Signature=c',
      'X-Goog-Signature=REDACTED&AWSAccessKeyId=REDACTED&Signature=REDACTED',
    ],
    ['SIG=kept&mysig=kept&sig', 'SIG=kept&mysig=kept&sig'],
  ])('traceHttp() writes the query %s as %s', async (query, written) => {
    const { request, telemetry } = tracedApp();
    await request(`/tasks/7?${query}`);
    expect((await telemetry.lastSpan()).attributes['url.query']).toBe(written);
  });

  test.each([
    ['PROPFIND', '_OTHER', 'HTTP', 'PROPFIND'],
    ['DELETE', 'DELETE', 'DELETE', undefined],
    ['QUERY', 'QUERY', 'QUERY', undefined],
  ])('traceHttp() calls the method %s %s', async (sent, method, name, original) => {
    const { request, telemetry } = tracedApp();
    await request('/nowhere', { method: sent });
    const span = await telemetry.lastSpan();
    expect(span.name).toBe(name);
    expect(span.attributes['http.request.method']).toBe(method);
    expect(span.attributes['http.request.method_original']).toBe(original);
  });
});

describe('proxies', () => {
  const headers = {
    'x-forwarded-for': '198.51.100.1, 10.0.0.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'todo.example',
  };
  const trustProxy = (address: string) => address === '192.0.2.7' || address.startsWith('10.');

  test('traceHttp() believes X-Forwarded-* of a trusted proxy', async () => {
    const { request, telemetry } = tracedApp({ trustProxy });
    await request('/tasks/7', { headers });
    expect((await telemetry.lastSpan()).attributes).toMatchObject({
      'client.address': '198.51.100.1',
      'url.scheme': 'https',
      'server.address': 'todo.example',
      'server.port': 443,
      'network.peer.address': '192.0.2.7',
    });
  });

  test('traceHttp() reads Forwarded before X-Forwarded-*', async () => {
    const { request, telemetry } = tracedApp({ trustProxy });
    const forwarded = 'for="[2001:db8::5]:99";proto=https;host=a.example, for=10.0.0.9';
    await request('/tasks/7', { headers: { ...headers, forwarded } });
    expect((await telemetry.lastSpan()).attributes['client.address']).toBe('2001:db8::5');
  });

  test('traceHttp() ignores X-Forwarded-* of anybody else', async () => {
    const { request, telemetry } = tracedApp();
    await request('/tasks/7', { headers });
    expect((await telemetry.lastSpan()).attributes).toMatchObject({
      'client.address': '192.0.2.7',
      'url.scheme': 'http',
      'server.address': 'localhost',
    });
  });
});

describe('route', () => {
  test.each([
    ['/tasks/7', 'GET /tasks/:id', '/tasks/:id'],
    ['/any/thing', 'GET /any/*', '/any/*'],
    ['/nowhere/at/all', 'GET', undefined],
    ['/private/tasks/7', 'GET /private/tasks/:id', '/private/tasks/:id'],
    ['/private/nothing', 'GET', undefined],
    ['/redirect', 'GET /redirect', '/redirect'],
  ])('traceHttp() names a request for %s "%s"', async (path, name, route) => {
    const { request, telemetry } = tracedApp();
    await request(path);
    const span = await telemetry.lastSpan();
    expect(span.name).toBe(name);
    expect(span.attributes['http.route']).toBe(route);
  });

  test('traceHttp() knows routes of sub-apps with and without an error handler, and of base paths', async () => {
    const { app, request, telemetry } = tracedApp();
    const plain = new Hono().get('/a/:x', (c) => c.text('a'));
    const handling = new Hono().get('/b/:x', (c) => c.text('b')).onError((_, c) => c.text('', 500));
    app.route('/plain', plain);
    app.route('/handling', handling);
    app.basePath('/base').get('/c/:x', (c) => c.text('c'));
    for (const path of ['/plain/a/1', '/handling/b/1', '/base/c/1']) await request(path);
    await telemetry.lastSpan(3);
    expect(telemetry.spans.map(({ name }) => name)).toEqual([
      'GET /plain/a/:x',
      'GET /handling/b/:x',
      'GET /base/c/:x',
    ]);
  });

  test('traceHttp() gives a mounted application no route, since it cannot know one', async () => {
    const { app, request, telemetry } = tracedApp();
    app.mount('/mounted', () => new Response('foreign'));
    await request('/mounted/deep/path');
    const span = await telemetry.lastSpan();
    expect(span.name).toBe('GET');
    expect(span.attributes).not.toHaveProperty('http.route');
  });

  test('traceHttp() keeps a route that was set on purpose', async () => {
    const { app, request, telemetry } = tracedApp();
    app.get('/files/*', (c) => {
      trace.getActiveSpan()?.setAttribute('http.route', '/files/{path}');
      return c.text('');
    });
    await request('/files/a/b');
    const span = await telemetry.lastSpan();
    expect(span.name).toBe('GET /files/{path}');
    expect(span.attributes['http.route']).toBe('/files/{path}');
  });
});

describe('outcome', () => {
  test.each([
    ['/returned/404', SpanStatusCode.UNSET, undefined, 0],
    ['/thrown/404', SpanStatusCode.UNSET, undefined, 0],
    ['/returned/503', SpanStatusCode.ERROR, '503', 0],
    ['/thrown/503', SpanStatusCode.ERROR, 'HTTPException', 1],
    ['/error', SpanStatusCode.ERROR, 'TypeError', 1],
  ])(
    'traceHttp() ends %s with status %s, error.type %s, %s exceptions',
    async (path, code, type, count) => {
      const { request, telemetry } = tracedApp();
      await request(path);
      const span = await telemetry.lastSpan();
      expect(span.status.code).toBe(code);
      expect(span.attributes['error.type']).toBe(type);
      expect(span.events.filter(({ name }) => name === 'exception')).toHaveLength(count);
      const [point] = await telemetry.points(DURATION);
      expect(point?.attributes['error.type']).toBe(type);
    },
  );

  test('traceHttp() records type, message and stack of an exception', async () => {
    const { request, telemetry } = tracedApp();
    await request('/error');
    const [event] = (await telemetry.lastSpan()).events;
    expect(event?.attributes).toMatchObject({
      'exception.type': 'TypeError',
      'exception.message': 'no such thing',
      'exception.stacktrace': expect.stringContaining('trace-http.test'),
    });
  });

  test.each([
    ['a string', 'string'],
    [null, 'null'],
    [undefined, 'undefined'],
  ])('traceHttp() records %s that was thrown, and passes it on', async (thrown, type) => {
    const telemetry = recordTelemetry();
    const app = new Hono().use(traceHttp(telemetry)).get('/thrown', () => {
      throw thrown;
    });
    const failed = await Promise.resolve(app.request('/thrown')).then(
      () => false,
      (reason) => reason === thrown,
    );
    expect(failed).toBe(true);
    const span = await telemetry.lastSpan();
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toBe(type);
    expect(span.events).toHaveLength(1);
  });

  test('traceHttp() ends the span of a HEAD request, also for a route that streams', async () => {
    const { app, request, telemetry } = tracedApp();
    app.get(
      '/stream',
      () => new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(9)) })),
    );
    await request('/stream', { method: 'HEAD' });
    expect((await telemetry.lastSpan()).name).toBe('HEAD /stream');
  });
});

describe('context', () => {
  test('traceHttp() continues the trace of a traceparent and passes it on', async () => {
    const { request, telemetry } = tracedApp();
    const response = await request('/inject', { headers: { traceparent: TRACEPARENT } });
    const span = await telemetry.lastSpan();
    expect(span.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(await response.json()).toEqual({
      traceparent: `00-4bf92f3577b34da6a3ce929d0e0e4736-${span.spanContext().spanId}-01`,
    });
  });

  test('traceHttp() keeps 50 concurrent requests apart', async () => {
    const { request, telemetry } = tracedApp();
    const ids = Array.from({ length: 50 }, (_, i) => `${i + 1}`.padStart(32, '0'));
    const injected = await Promise.all(
      ids.map(async (id) => {
        const headers = { traceparent: `00-${id}-00f067aa0ba902b7-01` };
        const response = await request('/inject', { headers });
        const { traceparent } = (await response.json()) as { traceparent: string };
        return traceparent.split('-')[1];
      }),
    );
    expect(injected).toEqual(ids);
    await telemetry.lastSpan(50);
    expect(new Set(telemetry.spans.map((span) => span.spanContext().traceId)).size).toBe(50);
  });

  test('traceHttp() records nothing under a parent that is not sampled, and passes that on', async () => {
    const { request, telemetry } = tracedApp();
    const traceparent = TRACEPARENT.replace(/01$/, '00');
    const response = await request('/inject', { headers: { traceparent } });
    const carrier = (await response.json()) as { traceparent: string };
    expect(carrier.traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
    expect(telemetry.spans).toEqual([]);
  });

  test('traceHttp() leaves excluded paths without span and metrics, and passes the context on', async () => {
    const { request, telemetry } = tracedApp({ exclude: (path) => path === '/inject' });
    const response = await request('/inject', { headers: { traceparent: TRACEPARENT } });
    expect(await response.json()).toEqual({ traceparent: TRACEPARENT });
    expect(telemetry.spans).toEqual([]);
    expect(await telemetry.points(DURATION)).toEqual([]);
  });

  test("traceHttp() enriches another instrumentation's SERVER span in place of a second", async () => {
    const { request, telemetry } = tracedApp();
    const outer = telemetry.tracerProvider
      .getTracer('outer')
      .startSpan('GET', { kind: SpanKind.SERVER });
    await context.with(trace.setSpan(context.active(), outer), () => request('/tasks/7'));
    outer.end();
    const span = await telemetry.lastSpan();
    expect(span.name).toBe('GET /tasks/:id');
    expect(span.instrumentationScope.name).toBe('outer');
    expect(span.attributes['http.route']).toBe('/tasks/:id');
  });
});

describe('metrics', () => {
  test('traceHttp() measures the duration that the span has, in seconds', async () => {
    const { request, telemetry } = tracedApp();
    await request('/tasks/7');
    const [seconds, nanos] = (await telemetry.lastSpan()).duration;
    const [point] = await telemetry.points(DURATION);
    expect(point?.value.count).toBe(1);
    expect(point?.value.sum).toBeCloseTo(seconds + nanos / 1e9, 12);
    expect(point?.value.buckets.boundaries).toEqual([
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]);
    expect(point?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/tasks/:id',
      'url.scheme': 'http',
    });
  });

  test('traceHttp() measures what is not sampled too', async () => {
    const { request, telemetry } = tracedApp({}, recordTelemetry(new AlwaysOffSampler()));
    await request('/tasks/7');
    expect(telemetry.spans).toEqual([]);
    expect((await telemetry.points(DURATION))[0]?.value.count).toBe(1);
  });

  test('traceHttp() adds no time series for 1,000 random paths and methods', async () => {
    const { request, telemetry } = tracedApp();
    for (let i = 0; i < 500; i++) {
      await request(`/random/${i}`);
      await request('/nowhere', { method: `M${i}` });
    }
    // Bun's Request turns a method that it does not know into GET.
    expect((await telemetry.points(DURATION)).length).toBeLessThanOrEqual(2);
  });

  test('traceHttp() leaves opt-in attributes and metrics out by default', async () => {
    const { request, telemetry } = tracedApp();
    await request('/tasks/7', { headers: { 'content-length': '3', 'x-tenant': 'a' } });
    const { attributes } = await telemetry.lastSpan();
    expect(Object.keys(attributes).filter((key) => /header|size|client.port/.test(key))).toEqual(
      [],
    );
    expect(await telemetry.points('http.server.active_requests')).toEqual([]);
  });

  test('traceHttp() records what the options ask for', async () => {
    const { app, request, telemetry } = tracedApp({
      optIn: {
        clientPort: true,
        requestHeaders: ['x-tenant'],
        responseHeaders: ['x-answer'],
        bodySizes: true,
        activeRequests: true,
      },
    });
    app.post('/sized', (c) => c.body('12345', 200, { 'content-length': '5', 'x-answer': '42' }));
    const headers = { 'content-length': '3', 'x-tenant': 'a', 'x-other': 'b' };
    await request('/sized', { method: 'POST', headers });
    expect((await telemetry.lastSpan()).attributes).toMatchObject({
      'client.port': 4711,
      'http.request.header.x-tenant': ['a'],
      'http.response.header.x-answer': ['42'],
      'http.request.body.size': 3,
      'http.response.body.size': 5,
    });
    expect((await telemetry.points('http.server.request.body.size'))[0]?.value.sum).toBe(3);
    expect((await telemetry.points('http.server.response.body.size'))[0]?.value.sum).toBe(5);
    const [active] = await telemetry.points<number>('http.server.active_requests');
    expect(active).toMatchObject({
      value: 0,
      attributes: { 'http.request.method': 'POST', 'url.scheme': 'http' },
    });
  });
});
