import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../support/app-command.ts';
import { findNginx, type Nginx, startNginx } from '../support/nginx.ts';
import { type OtlpSink, startOtlpSink } from '../support/otlp-sink.ts';
import { openRawConnection } from '../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../support/spawned-app.ts';

const program = findNginx();
if (program === undefined) {
  test('deploy/nginx.conf', ({ skip }) => skip('there is no nginx here'));
} else {
  describe('deploy/nginx.conf in front of the app', () => testWithApp(program));
  if (currentRuntime === 'node') describe('deploy/nginx.conf', () => testWithServer(program));
  else test('deploy/nginx.conf', ({ skip }) => skip('no runtime of ours takes part: run on Node'));
}

/** Returns a raw request, after which the connection is closed. */
function head(requestLine: string, ...headers: readonly string[]): string {
  const lines = [`${requestLine} HTTP/1.1`, 'Host: todo.example', 'Connection: close', ...headers];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const statusOf = (response: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1]);

function testWithApp(program: string): void {
  let sink: OtlpSink;
  let app: SpawnedApp;
  let nginx: Nginx;
  const form = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 9'];
  const add = (...headers: readonly string[]) =>
    nginx.exchange(`${head('POST /add', ...form, ...headers)}task=milk`);

  beforeAll(async () => {
    sink = await startOtlpSink();
    app = await spawnApp({
      args: ['--otlp'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        TRUSTED_PROXIES: '127.0.0.1',
        ALLOWED_HOSTS: 'todo.example',
        RATE_LIMIT: '5',
      },
    });
    nginx = await startNginx(program, app.url);
  });
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]();
    await sink?.close();
  });

  test('pages and the API see the origin of the proxy', async () => {
    expect(await nginx.exchange(head('GET /'))).toContain('<h1');
    expect(statusOf(await add('Origin: https://todo.example'))).toBe(303);
    expect(statusOf(await add('Origin: http://todo.example'))).toBe(403);
    expect(await nginx.exchange(head('GET /api/tasks'))).toContain(
      '"url":"https://todo.example/api/tasks/1"',
    );
  });

  test("a client's own forwarding headers count for nothing", async () => {
    const forged = 'Forwarded: for=192.0.2.7;host=evil.example;proto=http';
    const list = await nginx.exchange(
      head('GET /api/tasks', forged, 'X-Forwarded-Host: evil.example', 'X-Forwarded-For: 1.2.3.4'),
    );
    expect(list).toContain('"url":"https://todo.example/');
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      statuses.push(
        statusOf(await add(`Forwarded: for=192.0.2.${i}`, `X-Forwarded-For: 1.2.3.${i}`)),
      );
    }
    expect(statuses).toContain(429);
  });

  test('trailers are not taken for a request', async () => {
    const path = '/smuggled';
    const body = `9\r\ntask=milk\r\n0\r\nX-A: b\r\n\r\nGET ${path} HTTP/1.1\r\nHost: todo.example\r\n\r\n`;
    const chunked = ['Transfer-Encoding: chunked', 'Trailer: X-A', 'TE: trailers'];
    const response = await nginx.exchange(head('POST /add', form[0] ?? '', ...chunked) + body);
    expect(response.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    await app.stop();
    expect(sink.spans.map(({ attributes }) => attributes['url.path'])).not.toContain(path);
    const addresses = sink.spans.flatMap(({ attributes }) => attributes['client.address'] ?? []);
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  });
}

function testWithServer(program: string): void {
  let server: Server;
  let nginx: Nginx;
  /** Headers of each request that came through, and what its body was. */
  const requests: { url: string; headers: string[]; body: string; trailers: object }[] = [];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { url = '', rawHeaders } = request;
      let body = '';
      for await (const chunk of request) body += chunk;
      const headers = rawHeaders.flatMap((name, i) =>
        i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : [],
      );
      requests.push({ url, headers, body, trailers: request.trailers });
      response.end(url === '/large' ? 'x'.repeat(40_000_000) : 'ok');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    nginx = await startNginx(program, `http://127.0.0.1:${port}`, (config) =>
      config.replaceAll(/(_timeout) (?:10|30)s/g, '$1 1s'),
    );
  });
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  async function forwarded(text: string) {
    requests.length = 0;
    await nginx.exchange(text);
    return requests[0];
  }

  test('removes or replaces headers that only the proxy may set', async () => {
    const sent = [
      'Forwarded: for=192.0.2.7;host=evil.example',
      'X-Forwarded-For: 192.0.2.7',
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: http',
      'X_Forwarded_For: 192.0.2.7',
      'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'tracestate: a=b',
      'baggage: a=b',
      'b3: 0',
      'X-B3-TraceId: 4bf92f3577b34da6a3ce929d0e0e4736',
      'X-B3-Sampled: 1',
      'TE: trailers',
      'Upgrade: h2c',
      'Accept: text/html',
    ];
    const { headers = [] } = (await forwarded(head('GET /a?b=c', ...sent))) ?? {};
    expect(headers.sort()).toEqual([
      'Accept: text/html',
      'Host: todo.example',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Host: todo.example',
      'X-Forwarded-Proto: https',
    ]);
  });

  test('sends a whole body without trailers', async () => {
    const chunked = head('POST /add', 'Transfer-Encoding: chunked', 'Trailer: X-A');
    const request = await forwarded(`${chunked}3\r\nabc\r\n0\r\nX-A: b\r\n\r\n`);
    expect(request).toMatchObject({ body: 'abc', trailers: {} });
    expect(request?.headers).toContain('Content-Length: 3');
    expect(request?.headers.join()).not.toMatch(/trailer|transfer-encoding/i);
  });

  test.each([
    ['other names', 421, 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    ['an address', 421, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'],
    ['no name', 400, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two names', 400, head('GET /', 'Host: evil.example')],
    ['a malformed name', 400, 'GET / HTTP/1.1\r\nHost: a/b?\r\nConnection: close\r\n\r\n'],
    ['spans', 404, head('POST /otlp/v1/traces', 'Content-Length: 0')],
    ['spans by a path with dots', 404, head('POST /a/../otlp/v1/traces', 'Content-Length: 0')],
    ['spans by an escaped path', 404, head('POST /%6ftlp/v1/traces', 'Content-Length: 0')],
    ['spans by a doubled slash', 404, head('POST //otlp/v1/traces', 'Content-Length: 0')],
    ['a URL of 9 kB', 414, head(`GET /?${'x'.repeat(9_000)}`)],
    ['a header of 9 kB', 400, head('GET /', `X-A: ${'x'.repeat(9_000)}`)],
    ['40 kB of headers', 400, head('GET /', ...Array(8).fill(`X-A: ${'x'.repeat(5_000)}`))],
    ['a body of 100 kB', 413, head('POST /add', 'Content-Length: 100000')],
    ['a negative length', 400, head('POST /add', 'Content-Length: -1')],
    ['two lengths', 400, head('POST /add', 'Content-Length: 1', 'Content-Length: 2')],
  ])('refuses %s with %i', async (_, status, text) => {
    requests.length = 0;
    expect(statusOf(await nginx.exchange(text))).toBe(status);
    expect(requests).toEqual([]);
  });

  test('redirects plain HTTP to HTTPS', async () => {
    const plain = await openRawConnection(`http://127.0.0.1:${nginx.port}`);
    plain.send(head('GET /a?b'));
    expect(await plain.received).toMatch(
      /^HTTP\/1\.1 308 [\s\S]*Location: https:\/\/todo\.example\/a\?b\r/,
    );
  });

  test.each([
    ['sends nothing', ''],
    ['sends half of its headers', 'GET / HTTP/1.1\r\nHost: todo.example\r\n'],
    ['sends half of its body', `${head('POST /add', 'Content-Length: 9')}task`],
    ['keeps its connection', 'GET / HTTP/1.1\r\nHost: todo.example\r\n\r\n'],
  ])('closes the connection of a client that %s', { timeout: 10_000 }, async (_, text) => {
    const startedAt = performance.now();
    await nginx.exchange(text);
    // 10 and 30 s in the file, 1 s in this test.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('closes the connection of a client that does not read its response', async () => {
    const options = { port: nginx.securePort, host: '127.0.0.1', rejectUnauthorized: false };
    const socket = connect(options);
    await once(socket, 'secureConnect');
    socket.on('error', () => {}).pause();
    socket.write(head('GET /large'));
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    let size = 0;
    socket.on('data', (chunk: Uint8Array) => {
      size += chunk.length;
    });
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(size).toBeLessThan(40_000_000);
  });

  test('answers a client that sends hundreds of requests at once with 429', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const text = Array.from({ length: 20 }, (_, i) =>
          i < 19 ? 'GET / HTTP/1.1\r\nHost: todo.example\r\n\r\n' : head('GET /'),
        );
        return (await nginx.exchange(text.join(''))).match(/^HTTP\/1\.1 \d+/gm) ?? [];
      }),
    );
    expect(statuses.flat()).toContain('HTTP/1.1 429');
  });
}
