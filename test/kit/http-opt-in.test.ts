import { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { type TraceHttpOptions, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';

const CLIENT = { peer: { address: '192.0.2.1', port: 1234 } };
const METRICS = [
  'http.server.active_requests',
  'http.server.request.body.size',
  'http.server.response.body.size',
];

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

type Captured = TraceHttpOptions['optIn'] &
  Pick<TraceHttpOptions, 'captureRequestHeaders' | 'captureResponseHeaders'>;

/** Sends one request with everything that could be recorded of it. */
async function post(
  captured: Captured | undefined,
  headers: Record<string, string> = {},
  options: TraceHttpOptions = {},
) {
  const app = new Hono();
  app.use(traceHttp({ ...telemetry, trustProxy: () => true, ...options, ...split(captured) }));
  app.post('/tasks', async (c) => {
    c.header('x-answer', 'a');
    c.header('set-cookie', 'a=1', { append: true });
    c.header('set-cookie', 'b=2', { append: true });
    c.header('content-length', '4');
    return c.body('milk');
  });
  const body = 'task=milk';
  await app.request(
    '/tasks',
    {
      method: 'POST',
      body,
      headers: { 'content-length': `${body.length}`, 'x-tenant': 't', ...headers },
    },
    CLIENT,
  );
  return telemetry.span().attributes;
}

/** Returns the options for headers, and the others below `optIn`. */
function split(captured: Captured | undefined): TraceHttpOptions {
  if (captured === undefined) return {};
  const { captureRequestHeaders = [], captureResponseHeaders = [], ...optIn } = captured;
  return { captureRequestHeaders, captureResponseHeaders, optIn };
}

describe('traceHttp({ optIn })', () => {
  test.each([undefined, {}])('records nothing additional with %j', async (optIn) => {
    const names = Object.keys(await post(optIn));
    expect(names.filter((name) => /header|body|client\.port/.test(name))).toEqual([]);
    for (const name of METRICS) expect(await telemetry.points(name)).toEqual([]);
  });

  test('records the port of the client', async () => {
    expect(await post({ clientPort: true })).toMatchObject({ 'client.port': 1234 });
  });

  test('records no port of a client behind a proxy', async () => {
    const attributes = await post({ clientPort: true }, { 'x-forwarded-for': '198.51.100.7' });
    expect(attributes).toMatchObject({
      'client.address': '198.51.100.7',
      'network.peer.port': 1234,
    });
    expect(attributes).not.toHaveProperty('client.port');
  });

  test('records the named headers as arrays, and no others', async () => {
    const attributes = await post({
      captureRequestHeaders: ['x-tenant', 'x-missing'],
      captureResponseHeaders: ['x-answer', 'x-missing'],
    });
    const headers = Object.entries(attributes).filter(([name]) => name.includes('header'));
    expect(Object.fromEntries(headers)).toEqual({
      'http.request.header.x-tenant': ['t'],
      'http.response.header.x-answer': ['a'],
    });
  });

  test.each([
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'X-API-Key',
    'x-auth-token',
    'x-csrf-token',
    'token',
    'x-auth',
    'x-forwarded-authorization',
    'x-goog-iap-jwt-assertion',
    'x-hub-signature',
    'apikey',
    'x-client-secret',
    'x-secret-id',
    'x-password',
    'api-key',
    'ocp-apim-subscription-api-key',
  ])('records the request header %s as REDACTED', async (name) => {
    const attributes = await post({ captureRequestHeaders: [name] }, { [name]: 'SECRET' });
    expect(attributes).toMatchObject({
      [`http.request.header.${name.toLowerCase()}`]: ['REDACTED'],
    });
    expect(JSON.stringify(attributes)).not.toContain('SECRET');
  });

  test('records the cookies that a response sets as REDACTED', async () => {
    const attributes = await post({ captureResponseHeaders: ['Set-Cookie'] });
    expect(attributes['http.response.header.set-cookie']).toEqual(['REDACTED']);
  });

  test.each(['x-author', 'x-api-version', 'x-keyboard', 'x-code-page'])(
    'records the request header %s unchanged',
    async (name) => {
      const attributes = await post({ captureRequestHeaders: [name] }, { [name]: 'public' });
      expect(attributes[`http.request.header.${name}`]).toEqual(['public']);
    },
  );

  test('records the headers that a pattern matches, sensitive ones as REDACTED', async () => {
    const headers = { 'X-Tenant-Name': 'a', 'X-Tenant-Token': 'SECRET', 'x-internal': 'SECRET' };
    const sensitiveNames = [/^x-internal$/];
    const patterns = [/^(?:x-tenant.*)$/i, /^x-internal/, 'X-Tenant'];
    const attributes = await post(
      { captureRequestHeaders: patterns, captureResponseHeaders: [/^x-/, /cookie/] },
      headers,
      { sensitiveNames },
    );
    const recorded = Object.entries(attributes).filter(([name]) => name.includes('header'));
    expect(Object.fromEntries(recorded)).toEqual({
      'http.request.header.x-tenant': ['t'],
      'http.request.header.x-tenant-name': ['a'],
      'http.request.header.x-tenant-token': ['REDACTED'],
      'http.request.header.x-internal': ['REDACTED'],
      'http.response.header.x-answer': ['a'],
      'http.response.header.set-cookie': ['REDACTED'],
    });
  });

  test.each([
    ['referer', 'https://a.example/?q=1&token=SECRET', 'https://a.example/?q=1&token=REDACTED'],
    ['x-original-url', '/a;jsessionid=SECRET', '/a;jsessionid=REDACTED'],
    ['x-session-id', 'SECRET', 'REDACTED'],
    ['dpop', 'SECRET', 'REDACTED'],
    ['x-hub-signature-256', 'sha256=SECRET', 'REDACTED'],
  ])('redacts secrets in the request header %s', async (name, sent, recorded) => {
    const attributes = await post({ captureRequestHeaders: [name] }, { [name]: sent });
    expect(attributes[`http.request.header.${name}`]).toEqual([recorded]);
  });

  test('redacts secrets in the path, the query and the exception of a request', async () => {
    const app = new Hono().use(traceHttp({ ...telemetry, sensitiveNames: ['tenant'] }));
    app.get('/fail/*', (c) => {
      throw new Error(`cannot fetch ${c.req.url}`);
    });
    app.onError((_, c) => c.text('no', 500));
    await app.request('/fail/;jsessionid=SECRET?%73ig=SECRET&Tenant=SECRET&a=1');
    const { attributes, events } = telemetry.span();
    expect(attributes).toMatchObject({
      'url.path': '/fail/;jsessionid=REDACTED',
      'url.query': '%73ig=REDACTED&Tenant=REDACTED&a=1',
    });
    expect(events).toHaveLength(1);
    expect(JSON.stringify([attributes, events])).not.toContain('SECRET');
  });

  test('accepts header names in any case', async () => {
    const attributes = await post({
      captureRequestHeaders: ['X-Tenant'],
      captureResponseHeaders: ['X-Answer'],
    });
    expect(attributes).toMatchObject({
      'http.request.header.x-tenant': ['t'],
      'http.response.header.x-answer': ['a'],
    });
  });

  test('records the sizes of bodies on the span and as metrics', async () => {
    expect(await post({ bodySizes: true })).toMatchObject({
      'http.request.body.size': 9,
      'http.response.body.size': 4,
    });
    const labels = {
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'http.route': '/tasks',
      'url.scheme': 'http',
    };
    for (const [name, sum] of [
      ['http.server.request.body.size', 9],
      ['http.server.response.body.size', 4],
    ] as const) {
      const [point] = await telemetry.histograms(name);
      expect(point).toMatchObject({ attributes: labels, value: { count: 1, sum } });
    }
  });

  test.each(['', '-1', '1e3', 'abc', '9, 9'])('ignores the length "%s"', async (length) => {
    const attributes = await post({ bodySizes: true }, { 'content-length': length });
    expect(attributes).not.toHaveProperty('http.request.body.size');
  });

  test('counts active requests by method and scheme', async () => {
    let during: unknown;
    const app = new Hono().use(traceHttp({ ...telemetry, optIn: { activeRequests: true } }));
    app.get('/', async (c) => {
      during = await telemetry.points('http.server.active_requests');
      return c.text('milk');
    });
    await app.request('/');
    const attributes = { 'http.request.method': 'GET', 'url.scheme': 'http' };
    expect(during).toMatchObject([{ attributes, value: 1 }]);
    expect(await telemetry.points('http.server.active_requests')).toMatchObject([
      { attributes, value: 0 },
    ]);
  });

  test.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot'],
    ['Mozilla/5.0 (compatible; bingbot/2.0)', 'bot'],
    ['Mozilla/5.0 (compatible; YandexBot/3.0)', 'bot'],
    ['Mozilla/5.0 AlwaysOn', 'test'],
    ['kube-probe/1.30', 'test'],
    ['k6/0.49.0 (https://k6.io/)', 'test'],
    ['Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', undefined],
  ])('classifies the client %s as %s on request', async (userAgent, type) => {
    const attributes = await post({ syntheticType: true }, { 'user-agent': userAgent });
    expect(attributes['user_agent.synthetic.type']).toBe(type);
  });

  test('leaves the type of a client out by default', async () => {
    const attributes = await post({}, { 'user-agent': 'Googlebot/2.1' });
    expect(attributes).not.toHaveProperty('user_agent.synthetic.type');
  });
});
