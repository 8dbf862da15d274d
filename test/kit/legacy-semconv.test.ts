import { AlwaysOnSampler } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { type TraceHttpOptions, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { requestWithMethod } from '../support/request-with-method.ts';

const PEER = { address: '192.0.2.1', port: 1234 };
const OLD =
  /^(http\.(method|status_code|scheme|target|url|host|server_name|client_ip|flavor|user_agent)$|net\.)/;

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

function createApp(options: TraceHttpOptions = { semconv: 'dup' }): Hono {
  const app = new Hono();
  app.use(
    traceHttp({ ...telemetry, trustProxy: (address) => address === PEER.address, ...options }),
  );
  app.get('/tasks/:id', (c) => c.text('milk'));
  return app;
}

async function attributesOf(url: string, headers: Record<string, string> = {}) {
  const proxyHeaders = 'forwarded' in headers ? 'forwarded' : 'x-forwarded';
  await createApp({ semconv: 'dup', proxyHeaders }).request(url, { headers }, { peer: PEER });
  return telemetry.span().attributes;
}

describe('traceHttp({ semconv })', () => {
  test('has each attribute under both names', async () => {
    const incoming = {
      headers: { 'user-agent': 'test/1.0' },
      httpVersion: '1.1',
      socket: { remoteAddress: PEER.address, remotePort: PEER.port },
    };
    await createApp().request('http://example.com:8080/tasks/7?a=1', {}, { incoming });
    expect(telemetry.span().attributes).toEqual({
      'client.address': '192.0.2.1',
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/tasks/:id',
      'network.peer.address': '192.0.2.1',
      'network.peer.port': 1234,
      'network.protocol.version': '1.1',
      'server.address': 'example.com',
      'server.port': 8080,
      'url.path': '/tasks/7',
      'url.query': 'a=1',
      'url.scheme': 'http',
      'user_agent.original': 'test/1.0',

      'http.client_ip': '192.0.2.1',
      'http.flavor': '1.1',
      'http.host': 'example.com:8080',
      'http.method': 'GET',
      'http.scheme': 'http',
      'http.server_name': 'example.com',
      'http.status_code': 200,
      'http.target': '/tasks/7?a=1',
      'http.url': 'http://example.com:8080/tasks/7?a=1',
      'http.user_agent': 'test/1.0',
      'net.host.name': 'example.com',
      'net.host.port': 8080,
      'net.peer.ip': '192.0.2.1',
      'net.peer.port': 1234,
    });
  });

  test.each<TraceHttpOptions>([{}, { semconv: 'stable' }])(
    'has none of them with %j',
    async (options) => {
      await createApp(options).request('http://example.com/tasks/7?a=1', {}, { peer: PEER });
      const names = Object.keys(telemetry.span().attributes);
      expect(names).toContain('url.path');
      expect(names.filter((name) => OLD.test(name))).toEqual([]);
      expect((await telemetry.metrics()).map(({ descriptor }) => descriptor.name)).toEqual([
        'http.server.request.duration',
      ]);
    },
  );

  test('passes samplers all attributes except the status', async () => {
    let seen: string[] = [];
    telemetry = recordTelemetry({
      shouldSample(_context, _traceId, _name, _kind, attributes) {
        seen = Object.keys(attributes);
        return new AlwaysOnSampler().shouldSample();
      },
      toString: () => 'test',
    });
    const old = Object.keys(await attributesOf('/tasks/7')).filter((name) => OLD.test(name));
    expect(old.filter((name) => !seen.includes(name))).toEqual(['http.status_code']);
  });

  test.each([
    ['http://example.com', 'http://example.com/'],
    ['https://example.com:443/a', 'https://example.com/a'],
    ['https://example.com:80/a', 'https://example.com:80/a'],
    ['http://[2001:db8::1]/a', 'http://[2001:db8::1]/a'],
    ['http://[2001:db8::1]:5000/a', 'http://[2001:db8::1]:5000/a'],
    ['http://example.com/a%20b?c=d%26e', 'http://example.com/a%20b?c=d%26e'],
    ['http://example.com/a?b#c', 'http://example.com/a?b'],
    ['http://example.com/a?token=SECRET&b=1', 'http://example.com/a?token=REDACTED&b=1'],
  ])('records %s as http.url %s', async (url, full) => {
    const attributes = await attributesOf(url);
    expect(attributes['http.url']).toBe(full);
    expect(attributes['http.target']).toBe(full.replace(/^\w+:\/\/[^/]+/, ''));
  });

  test('http.url has the scheme and the host that the client used', async () => {
    const attributes = await attributesOf('http://internal:8080/a?b=1', {
      forwarded: 'for=198.51.100.7;proto=https;host=example.com',
    });
    expect(attributes).toMatchObject({
      'http.client_ip': '198.51.100.7',
      'http.host': 'example.com',
      'http.scheme': 'https',
      'http.url': 'https://example.com/a?b=1',
      'net.peer.ip': '192.0.2.1',
    });
  });

  test.each(['user:SECRET@example.com', 'user:SECRET@example.com:443', 'SECRET@example.com'])(
    'keeps the credentials of the host %s out of every attribute',
    async (host) => {
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': host };
      const attributes = await attributesOf('http://internal/a', headers);
      expect(attributes['http.url']).toBe('https://example.com/a');
      expect(JSON.stringify(attributes)).not.toMatch(/user|SECRET/);
    },
  );

  test('records HTTP/2 under both names', async () => {
    const incoming = { headers: {}, httpVersion: '2.0', socket: {} };
    await createApp().request('/tasks/7', {}, { incoming });
    expect(telemetry.span().attributes).toMatchObject({
      'http.flavor': '2.0',
      'network.protocol.version': '2',
    });
  });
});

describe('http.server.duration', () => {
  test('http.server.duration is recorded in milliseconds in addition to the current histogram', async () => {
    await createApp().request('http://example.com/tasks/7?a=1', {}, { peer: PEER });
    const metrics = await telemetry.metrics();
    expect(
      Object.fromEntries(metrics.map(({ descriptor }) => [descriptor.name, descriptor.unit])),
    ).toEqual({ 'http.server.request.duration': 's', 'http.server.duration': 'ms' });

    const [current] = await telemetry.histograms('http.server.request.duration');
    const [old, ...more] = await telemetry.histograms('http.server.duration');
    expect(more).toEqual([]);
    expect(current?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/tasks/:id',
      'url.scheme': 'http',
    });
    expect(old?.attributes).toEqual({
      'http.method': 'GET',
      'http.route': '/tasks/:id',
      'http.scheme': 'http',
      'http.status_code': 200,
    });
    expect(old?.value.buckets.boundaries).toEqual([
      0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
    ]);
    expect(old?.value.sum).toBeCloseTo((current?.value.sum ?? Number.NaN) * 1000, 6);
  });

  test('random paths and methods add no time series', async () => {
    const app = createApp();
    for (let i = 0; i < 50; i++) {
      await app.request(`/${Math.random()}?${i}`, { headers: { 'user-agent': `${i}` } });
      await app.request(requestWithMethod(`X${i}`, '/nowhere'));
    }
    const points = await telemetry.histograms('http.server.duration');
    expect(points.map(({ attributes }) => attributes['http.method'])).toEqual(['GET', '_OTHER']);
  });
});
