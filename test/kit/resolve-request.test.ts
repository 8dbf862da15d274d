import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAuthority } from '../../packages/hono-opentelemetry/src/http/authority.ts';
import { resolveRequest, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { openRawConnection } from '../support/raw-connection.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { type StockServer, startStockServer } from '../support/stock-server.ts';

/** Creates a request as a server may pass it, with a URL that `new Request()` rejects. */
function requestWithUrl(url: string, headers: Record<string, string> = {}): Request {
  return Object.defineProperty(new Request('http://x/', { headers }), 'url', { value: url });
}

const attributesOf = (telemetry: RecordedTelemetry) => {
  const { attributes } = telemetry.span();
  const names = ['url.scheme', 'server.address', 'server.port', 'url.path', 'url.query'];
  return names.map((name) => attributes[name]);
};

describe('traceHttp() under any server', () => {
  test.each<[url: string, host: string, ...expected: unknown[]]>([
    ['http://a.example/b?c=1', 'a.example', 'http', 'a.example', 80, '/b', 'c=1'],
    ['HTTPS://A.example/b', 'a.example', 'https', 'a.example', 443, '/b', undefined],
    ['http://a.example', 'a.example', 'http', 'a.example', 80, '/', undefined],
    ['http://a.example?c=/d', 'a.example', 'http', 'a.example', 80, '/', 'c=/d'],
    ['http://a.example#/d', 'a.example', 'http', 'a.example', 80, '/', undefined],
    ['http://a.example/b#?token=SECRET', '', 'http', 'a.example', 80, '/b', undefined],
    ['http://other.example:81/b', 'a.example', 'http', 'other.example', 81, '/b', undefined],
    ['http://[2001:DB8::1]:81/b', '[2001:db8::1]:81', 'http', '2001:db8::1', 81, '/b', undefined],
    // Bun without a valid Host.
    ['/?token=SECRET', '', 'http', undefined, undefined, '/', 'token=REDACTED'],
    ['/a?b=http://x/', '', 'http', undefined, undefined, '/a', 'b=http://x/'],
    ['/a', 'a.example:81', 'http', 'a.example', 81, '/a', undefined],
    ['/a', 'a b', 'http', undefined, undefined, '/a', undefined],
    ['a:1', 'a.example', 'http', 'a.example', 80, '/', undefined],
    // Deno with an invalid Host.
    [
      'http://a/add?/b?token=SECRET',
      'a/add?',
      'http',
      undefined,
      undefined,
      '/b',
      'token=REDACTED',
    ],
    ['http://a#/b?token=SECRET', 'a#', 'http', undefined, undefined, '/b', 'token=REDACTED'],
    ['http:////x/b', '//x', 'http', undefined, undefined, '/b', undefined],
    ['http://a:99999/b', 'a:99999', 'http', undefined, undefined, '/b', undefined],
    ['http://a%00b/b', 'a%00b', 'http', undefined, undefined, '/b', undefined],
    ['http://a:0/b', 'a:0', 'http', undefined, undefined, '/b', undefined],
    ['http://a:/b', 'a:', 'http', 'a', 80, '/b', undefined],
    ['http://u:SECRET@a.example/b', '', 'http', 'a.example', 80, '/b', undefined],
    // Deno with any target.
    ['scheme1://z/a?token=SECRET', 'a.example', 'http', 'z', 80, '/a', 'token=REDACTED'],
    ['ws://z:81/a', 'a.example', 'http', 'z', 81, '/a', undefined],
    ['file:///etc/passwd', 'a.example', 'http', 'a.example', 80, '/etc/passwd', undefined],
    ['javascript:alert(1)', '', 'http', undefined, undefined, '/', undefined],
    ['', '', 'http', undefined, undefined, '/', undefined],
    ['*', '', 'http', undefined, undefined, '/', undefined],
    ['?token=SECRET', '', 'http', undefined, undefined, '/', 'token=REDACTED'],
  ])('describes the URL "%s" with the Host "%s"', async (url, host, ...expected) => {
    const telemetry = recordTelemetry();
    const app = new Hono().use(traceHttp({ ...telemetry, semconv: 'dup', traceResponse: true }));
    app.all('*', (c) => c.text('ok'));
    await app.fetch(requestWithUrl(url, host === '' ? {} : { host }), {});
    expect(attributesOf(telemetry)).toEqual(expected);
    expect(JSON.stringify(telemetry.span().attributes)).not.toMatch(/SECRET|undefined/);
    for (const name of ['http.server.request.duration', 'http.server.duration']) {
      const [point] = await telemetry.histograms(name);
      const { 'url.scheme': scheme = point?.attributes['http.scheme'] } = point?.attributes ?? {};
      expect(scheme).toMatch(/^https?$/);
      expect(Object.keys(point?.attributes ?? {}).join()).not.toMatch(/host|server/);
    }
  });
});

describe('traceHttp() under a stock server', () => {
  let server: StockServer | undefined;
  afterEach(() => server?.close());

  test('adds no time series and leaks no secret with any request line and Host', async () => {
    const telemetry = recordTelemetry();
    const app = new Hono().use(traceHttp({ ...telemetry, semconv: 'dup' }));
    app.all('*', (c) => c.text('ok'));
    server = await startStockServer(app);
    const heads = ['/?token=SECRET HTTP/1.0', '/?token=SECRET HTTP/1.1\r\nHost:'];
    for (let i = 0; i < 20; i++) {
      heads.push(`scheme${i}://z/?token=SECRET HTTP/1.1\r\nHost: a`);
      heads.push(`/x?token=SECRET HTTP/1.1\r\nHost: a/add?${i}`);
      heads.push(`/x?token=SECRET HTTP/1.1\r\nHost: a${i}:${99_990 + i}`);
      heads.push(`/x?token=SECRET HTTP/1.1\r\nHost: a${i}.example`);
    }
    for (const head of heads) {
      const connection = await openRawConnection(server.url);
      connection.send(`GET ${head}\r\nConnection: close\r\n\r\n`);
      await connection.received;
    }
    const spans = telemetry.spans();
    expect(spans.length).toBeGreaterThanOrEqual(20);
    for (const { attributes } of spans) {
      expect(attributes['url.scheme']).toBe('http');
      expect(attributes['url.query'], JSON.stringify(attributes)).toBe('token=REDACTED');
    }
    expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain('SECRET');
    for (const name of ['http.server.request.duration', 'http.server.duration']) {
      // One for each version of HTTP, which Bun and Deno do not report.
      expect((await telemetry.histograms(name)).length).toBeLessThanOrEqual(2);
    }
  });
});

test('resolveRequest() resolves once: later calls return the first result', async () => {
  const seen: unknown[] = [];
  const app = new Hono().use(async (c, next) => {
    seen.push(resolveRequest(c, { trustProxy: () => true }));
    await next();
  });
  app.get('/', (c) => {
    seen.push(resolveRequest(c));
    return c.text('ok');
  });
  const headers = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-host': 'a.example' };
  await app.request('/', { headers }, { peer: { address: '192.0.2.1', port: 1 } });
  expect(seen[0]).toMatchObject({ client: '198.51.100.7', hostnames: ['localhost', 'a.example'] });
  expect(seen[1]).toBe(seen[0]);
});

test.each([
  ['::ffff:10.0.0.2', '10.0.0.2'],
  ['::FFFF:10.0.0.2', '10.0.0.2'],
  ['::ffff:a00:2', '::ffff:a00:2'],
  ['::1', '::1'],
])('resolveRequest() resolves the peer %s to %s', async (address, expected) => {
  const app = new Hono().get('/', (c) => c.json(resolveRequest(c)));
  const response = await app.request('/', {}, { peer: { address, port: 1 } });
  expect(await response.json()).toMatchObject({
    client: expected,
    peer: { address: expected, port: 1 },
  });
});

test('resolveRequest() trusts IPv4 proxies that the server reports as IPv6 addresses', async () => {
  const trustProxy = (address: string) => address.startsWith('10.0.');
  const app = new Hono().get('/', (c) => c.text(`${resolveRequest(c, { trustProxy }).client}`));
  const headers = { 'x-forwarded-for': '::ffff:198.51.100.7, ::ffff:10.0.0.3' };
  const env = { peer: { address: '::ffff:10.0.0.2', port: 1 } };
  expect(await (await app.request('/', { headers }, env)).text()).toBe('198.51.100.7');
});

test.each([
  ['a.example', 'a.example', undefined],
  ['A.example:8080', 'a.example', 8080],
  ['a.example:', 'a.example', undefined],
  ['a.example:00080', 'a.example', 80],
  ['a.example.', 'a.example.', undefined],
  ['[::1]:1', '[::1]', 1],
  ['[2001:DB8:0:0::1]', '[2001:db8::1]', undefined],
  ['0x7f.1', '127.0.0.1', undefined],
  ['a:65535', 'a', 65_535],
])('parseAuthority(%j) finds %s and %s', (text, hostname, port) => {
  expect(parseAuthority(text)).toEqual({ hostname, port });
});

test.each([
  ...['', ':80', 'a:0', 'a:00', 'a:65536', 'a:123456', 'a:-1', 'a:+1', 'a:1e3', 'a:8x', 'a:80:80'],
  ...['::1', '[::1', '::1]', '[::1]x', '[a]', '[]', '[fe80::1%25eth0]', '1.2.3.999'],
  ...[
    'a b',
    'a\tb',
    'a\nb',
    ' a',
    'a ',
    'a/b',
    'a?b',
    'a#b',
    'a\\b',
    'u@a',
    'a,b',
    'a%00b',
    '*',
    'ä',
  ],
  'a'.repeat(256),
])('parseAuthority(%j) finds nothing', (text) => {
  expect(parseAuthority(text)).toBeUndefined();
});
