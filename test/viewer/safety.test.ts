import { networkInterfaces } from 'node:os';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startViewer, type Viewer } from '../../packages/opentelemetry-viewer/src/index.ts';
import { openRawConnection } from '../support/raw-connection.ts';
import { ADD_TRACE, handMadeSpans, makeSpan, todo } from './hand-made-spans.ts';

let viewer: Viewer;
beforeAll(async () => {
  viewer = await startViewer({ port: 0, otlp: { httpPort: 0, grpcPort: 0 }, notify() {} });
  viewer.addSpans(handMadeSpans);
});
afterAll(() => viewer.close());

const PAGES = [
  '/',
  '/search?service=todo',
  `/trace/${ADD_TRACE}`,
  `/trace/${ADD_TRACE}.json`,
  '/logs',
  '/metrics',
  '/status',
  '/events',
  '/mcp',
  '/api/v3/services',
  `/api/traces/${ADD_TRACE}`,
  '/nothing',
];

/** Sends a request with headers that `fetch()` forbids. */
async function sendRequest(url: string, headers: Readonly<Record<string, string>>, method = 'GET') {
  const { port, pathname, search } = new URL(url);
  await using connection = await openRawConnection(`http://127.0.0.1:${port}`);
  const all = { Host: `localhost:${port}`, ...headers, Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  connection.send(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const received = await connection.received;
  return { status: Number(received.slice(9, 12)), received };
}

/** Returns the base URL of a receiver, which exists in these tests. */
function otlpUrl(): string {
  return viewer.otlpHttpUrl as string;
}

describe('the viewer', () => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);

  test.skipIf(addresses.length === 0)('listens on loopback addresses only', async () => {
    for (const base of [viewer.url, otlpUrl(), viewer.otlpGrpcUrl as string]) {
      const { port } = new URL(base);
      await expect(openRawConnection(`http://${addresses[0]}:${port}`)).rejects.toThrow();
    }
  });

  test.each(PAGES)('responds 421 to a foreign Host at %s', async (path) => {
    const { status, received } = await sendRequest(viewer.url + path, { Host: 'attacker.example' });
    expect(status).toBe(421);
    expect(received).not.toMatch(/POST \/add|todo/);
  });

  test.each(PAGES)('responds 403 to another web page at %s', async (path) => {
    for (const headers of [
      { Origin: 'https://attacker.example' },
      { Origin: 'http://localhost:5000' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
    ]) {
      const { status, received } = await sendRequest(viewer.url + path, headers);
      expect(status).toBe(403);
      expect(received).not.toMatch(/access-control-allow-origin/i);
      expect(received).not.toMatch(/POST \/add|todo/);
    }
  });

  test.each(['GET', 'POST', 'DELETE', 'OPTIONS'])(
    'keeps every foreign %s from the OTLP receiver',
    async (method) => {
      const url = `${otlpUrl()}/v1/traces`;
      const foreign = [
        [{ Host: 'attacker.example' }, 421],
        [{ Origin: 'https://attacker.example' }, 403],
      ] as const;
      for (const [headers, expected] of foreign) {
        const { status, received } = await sendRequest(url, headers, method);
        expect(status).toBe(expected);
        expect(received).not.toMatch(/access-control-allow-origin/i);
      }
      expect(viewer.store.stats().traces).toBe(2);
    },
  );

  test('lets pages of this machine send OTLP', async () => {
    const headers = { Origin: 'http://localhost:5000', 'Content-Type': 'application/json' };
    const response = await fetch(`${otlpUrl()}/v1/traces`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:5000');
  });

  test.each([
    '/trace/<script>alert(1)</script>',
    `/trace/${'a'.repeat(33)}`,
    '/trace/..%2f..%2fetc%2fpasswd',
    '/trace/%00',
    '/trace/%E0%A4%A',
    '/trace/__proto__',
    `/trace/${'f'.repeat(32)}`,
    `/trace/${ADD_TRACE}/span/${'f'.repeat(16)}`,
    `/trace/${ADD_TRACE}/span/__proto__`,
    '/api/traces/constructor',
    '/api/traces/%F0%9F%98%80',
    '/api/v3/traces/%2e%2e',
    `/api/v3/traces/${'f'.repeat(32)}`,
    '/api/nothing',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
  ])('responds 400 or 404 to %s', async (path) => {
    const { status, received } = await sendRequest(viewer.url + path, {});
    expect([400, 404]).toContain(status);
    expect(received).not.toContain('<script>alert');
  });

  test.each([
    ['many tags', `/search?tags=${encodeURIComponent('a=b '.repeat(400))}`],
    ['a regular expression', `/search?text=${encodeURIComponent(`${'(a+'.repeat(300)})`)}`],
    ['numbers', `/search?minDuration=${'9'.repeat(400)}s&limit=1e9&offset=-1&start=NaN`],
    ['names of properties', '/search?service=__proto__&sort=toString&status=hasOwnProperty'],
    ['repeated tags', `/api/traces?service=todo&limit=999999999&tag=${'a:b&tag='.repeat(300)}a:b`],
    ['percent signs', `/logs?text=${encodeURIComponent('%'.repeat(1_000))}&severity=-1`],
    ['times', '/api/metrics/calls?service=todo&lookback=8640000000000000&step=1&ratePer=1'],
  ])('responds to a hostile query of %s within the time limit of a test', async (_, path) => {
    const response = await fetch(viewer.url + path);
    await response.arrayBuffer();
    expect(response.status).toBeLessThan(500);
  });

  test('refuses bodies that are too large before it has read them', async () => {
    const { status } = await sendRequest(
      `${otlpUrl()}/v1/traces`,
      { 'Content-Type': 'application/json', 'Content-Length': String(64 * 1024 * 1024) },
      'POST',
    );
    expect(status).toBe(413);
  });

  test('refuses compressed bodies that become too large', async () => {
    const body = gzipSync(new Uint8Array(64 * 1024 * 1024));
    const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' };
    const response = await fetch(`${otlpUrl()}/v1/traces`, { method: 'POST', headers, body });
    expect(response.status).toBe(413);
  });

  test('escapes received data', async () => {
    const hostile = '"><script>alert(1)</script>\u0000\u001b[31m\u202e';
    const traceId = 'bad'.padStart(32, '0');
    viewer.addSpans([
      makeSpan({
        traceId,
        spanId: 'b7ad6b7169203331',
        name: hostile,
        resource: todo,
        attributes: { [hostile]: hostile, 'url.path': hostile, 'db.query.text': hostile },
        events: [{ name: hostile, attributes: { 'exception.message': hostile } }],
        error: hostile,
      }),
    ]);
    for (const path of ['/', `/trace/${traceId}`, `/search?text=${encodeURIComponent(hostile)}`]) {
      const response = await fetch(viewer.url + path);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page).not.toContain('<script>alert');
      for (const character of '\u0000\u001b\u202e') expect(page).not.toContain(character);
    }
  });
});
