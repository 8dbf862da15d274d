import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { AlwaysOnSampler, type Sampler } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { type TraceHttpOptions, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { requestWithMethod } from '../support/request-with-method.ts';

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

function createApp(options: TraceHttpOptions = {}): Hono {
  const app = new Hono();
  app.use(traceHttp({ ...telemetry, ...options }));
  app.all('/tasks/:id', (c) => c.text('milk'));
  app.get('/old', (c) => c.redirect('/tasks/1'));
  return app;
}

async function attributesOf(...request: Parameters<Hono['request']>) {
  await createApp().request(...request);
  return telemetry.span().attributes;
}

describe('traceHttp()', () => {
  test('makes one SERVER span with exactly the attributes of the conventions', async () => {
    await createApp().request('http://example.com/tasks/7?done=1', {
      headers: { 'user-agent': 'test/1.0', authorization: 'Bearer SECRET', cookie: 'a=SECRET' },
    });
    const span = telemetry.span();
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.name).toBe('GET /tasks/:id');
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/tasks/:id',
      'server.address': 'example.com',
      'server.port': 80,
      'url.path': '/tasks/7',
      'url.query': 'done=1',
      'url.scheme': 'http',
      'user_agent.original': 'test/1.0',
    });
    expect(span.events).toEqual([]);
  });

  test('passes samplers all attributes that are known before the handler runs', async () => {
    let seen: unknown;
    const sampler: Sampler = {
      shouldSample(_context, _traceId, name, kind, attributes) {
        seen = { name, kind, attributes: { ...attributes } };
        return new AlwaysOnSampler().shouldSample();
      },
      toString: () => 'test',
    };
    telemetry = recordTelemetry(sampler);
    const app = createApp({ captureRequestHeaders: ['x-tenant'] });
    const headers = { 'user-agent': 'test/1.0', 'x-tenant': 'a' };
    await app.request(
      'https://example.com/tasks/7?a=1',
      { headers },
      {
        peer: { address: '192.0.2.1', port: 1234 },
      },
    );
    expect(seen).toEqual({
      name: 'GET',
      kind: SpanKind.SERVER,
      attributes: {
        'client.address': '192.0.2.1',
        'http.request.header.x-tenant': ['a'],
        'http.request.method': 'GET',
        'network.peer.address': '192.0.2.1',
        'network.peer.port': 1234,
        'server.address': 'example.com',
        'server.port': 443,
        'url.path': '/tasks/7',
        'url.query': 'a=1',
        'url.scheme': 'https',
        'user_agent.original': 'test/1.0',
      },
    });
  });

  test.each([
    'CONNECT',
    'DELETE',
    'GET',
    'HEAD',
    'OPTIONS',
    'PATCH',
    'POST',
    'PUT',
    'QUERY',
    'TRACE',
  ])('does not change the method %s', async (method) => {
    const attributes = await attributesOf(requestWithMethod(method, '/tasks/7'));
    expect(attributes).toMatchObject({ 'http.request.method': method });
    expect(attributes).not.toHaveProperty('http.request.method_original');
    expect(telemetry.span().name).toBe(`${method} /tasks/:id`);
  });

  test.each(['FOOBAR', 'PROPFIND'])(
    'calls the method %s _OTHER, and HTTP in the name',
    async (method) => {
      expect(await attributesOf(requestWithMethod(method, '/tasks/7'))).toMatchObject({
        'http.request.method': '_OTHER',
        'http.request.method_original': method,
      });
      expect(telemetry.span().name).toBe('HTTP /tasks/:id');
    },
  );

  test('accepts another list of known methods', async () => {
    const app = createApp({ knownMethods: ['PROPFIND'] });
    await app.request('/tasks/7', { method: 'PROPFIND' });
    await app.request('/tasks/7');
    expect(telemetry.spans().map(({ attributes }) => attributes['http.request.method'])).toEqual([
      'PROPFIND',
      '_OTHER',
    ]);
  });

  test('names a HEAD request after HEAD and the route that responded', async () => {
    expect(await attributesOf('/tasks/7', { method: 'HEAD' })).toMatchObject({
      'http.request.method': 'HEAD',
      'http.response.status_code': 200,
      'http.route': '/tasks/:id',
    });
    expect(telemetry.span().name).toBe('HEAD /tasks/:id');
  });

  test('records a redirect as the response, without an error', async () => {
    expect(await attributesOf('/old')).toMatchObject({
      'http.response.status_code': 302,
      'http.route': '/old',
    });
    expect(telemetry.span().status.code).toBe(SpanStatusCode.UNSET);
  });

  test.each([
    ['http://localhost/tasks/7', 'localhost', 80],
    ['https://example.com/tasks/7', 'example.com', 443],
    ['http://example.com:8080/tasks/7', 'example.com', 8080],
    ['http://[::1]/tasks/7', '::1', 80],
    ['http://[2001:db8::1]:5000/tasks/7', '2001:db8::1', 5000],
  ])('reads the server of %s', async (url, address, port) => {
    expect(await attributesOf(url)).toMatchObject({
      'server.address': address,
      'server.port': port,
    });
  });

  test.each([
    ['/', '/', undefined],
    ['/a%20b', '/a%20b', undefined],
    ['/a?', '/a', undefined],
    ['/a?b?c', '/a', 'b?c'],
    ['/a?b#c', '/a', 'b'],
    ['/a#b?c', '/a', undefined],
    ['/a?url=http://example.com/', '/a', 'url=http://example.com/'],
  ])('records path and query of %s separately and unchanged', async (target, path, query) => {
    const attributes = await attributesOf(`http://localhost${target}`);
    expect(attributes['url.path']).toBe(path);
    expect(attributes['url.query']).toBe(query);
  });

  test('adds no request data to the scope and the resource', async () => {
    await createApp().request('/tasks/7');
    expect(telemetry.span().instrumentationScope).toMatchObject({ name: 'hono-opentelemetry' });
    expect(telemetry.span().attributes).not.toHaveProperty('service.name');
  });
});
