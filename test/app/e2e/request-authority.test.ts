import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { openRawConnection } from '../../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

describe.each([true, false])('the app, with the fast path: %s', (isFast) => {
  let sink: OtlpSink;
  let app: SpawnedApp;
  let own: string;
  beforeAll(async () => {
    sink = await startOtlpSink();
    app = await spawnApp({
      args: ['--otlp', '--allowed_hosts', 'todo.example'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_SEMCONV_STABILITY_OPT_IN: 'http/dup',
        OTEL_JS_FAST_PATH_ENABLED: `${isFast}`,
      },
    });
    own = new URL(app.url).host;
  });
  afterAll(() => sink.close());

  /** Sends bytes as they are. @returns the status, 0 where the server closes the connection */
  async function statusOf(request: string): Promise<number> {
    const connection = await openRawConnection(app.url);
    connection.send(request.replaceAll('OWN', own));
    const head = await connection.head;
    return Number(/^HTTP\/1\.[01] (\d{3}) /.exec(head)?.[1] ?? 0);
  }

  const get = (target: string, ...hosts: string[]) =>
    `GET ${target} HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join('')}Connection: close\r\n\r\n`;

  describe('the Host header', () => {
    test.each([
      'OWN',
      'localhost',
      'LOCALHOST:1',
      'localhost.',
      'todo.localhost',
      '127.0.0.1',
      '127.8.9.10:65535',
      '[::1]',
      '[::1]:5000',
      'todo.example',
      'TODO.example:443',
    ])('%s names the app', async (host) => {
      expect(await statusOf(get('/', host))).toBe(200);
    });

    test.each([
      'evil.example',
      'evil.example:5000',
      'localhost.evil.example',
      'todo.example.evil.example',
      'xtodo.example',
      'nip.127.0.0.1.nip.example',
      '192.0.2.1',
      '0.0.0.0',
      '[::]',
      '[2001:db8::1]',
      'a_b',
      'a',
    ])('%s names another server', async (host) => {
      for (const path of ['/', '/api/tasks', '/healthz', '/app.js', '/nowhere']) {
        expect(await statusOf(get(path, host)), path).toBe(421);
      }
    });

    test.each([
      'a/add?',
      'localhost/add?',
      'localhost/',
      'localhost?',
      'localhost#',
      'localhost\\',
      'localhost/healthz?',
      'a%00b',
      '%6cocalhost',
      'localhost:99999',
      'localhost:0',
      'localhost:-1',
      'localhost:8x',
      'localhost:80:80',
      'local host',
      'localhost\tx',
      'localhost,localhost',
      'user@localhost',
      'user:SECRET@localhost',
      'http://localhost',
      '//localhost',
      '/',
      '::1',
      '[::1',
      '[fe80::1%25eth0]',
      '[v1.a]',
      '1.2.3.999',
      '*',
      'lécalhost',
      'localhost\0',
      'a'.repeat(300),
    ])('%j is malformed', async (host) => {
      for (const path of ['/?token=SECRET', '/api/tasks', '/healthz']) {
        expect(await statusOf(get(path, host)), path).toBe(400);
      }
    });

    test('a host with invalid punycode is refused', async () => {
      // Whether it is a valid name depends on the runtime's version of IDNA.
      for (const host of ['xn--a', 'xn--localhost-', 'xn--']) {
        expect([400, 421]).toContain(await statusOf(get('/', host)));
      }
    });

    test.each([
      ['OWN', 'OWN'],
      ['OWN', 'evil.example'],
      ['evil.example', 'OWN'],
      ['OWN', ''],
    ])('twice is malformed: %j, %j', async (first, second) => {
      expect(await statusOf(get('/', first, second))).toBe(400);
      expect(await statusOf(get('/', first, second).replace('1.1', '1.0'))).toBe(400);
    });

    test("falls back to the server's address if it is missing or empty", async () => {
      for (const path of ['/', '/healthz', '/?token=SECRET']) {
        expect(await statusOf(`GET ${path} HTTP/1.0\r\n\r\n`), path).toBe(200);
        expect(await statusOf(get(path, '')), path).toBe(200);
      }
      // Deno does not report the version, so HTTP/1.1 without the header looks like HTTP/1.0.
      expect(await statusOf(get('/'))).toBe(currentRuntime === 'deno' ? 200 : 400);
    });
  });

  describe('the request target', () => {
    test.each([
      'scheme1://z/',
      'ftp://OWN/',
      'ws://OWN/',
      'http:/x',
      'http:x',
      'javascript:alert(1)',
      'data:,x',
      'blob:http://OWN/',
      'x',
      '?token=SECRET',
      '*',
    ])('%s is malformed', async (target) => {
      expect(await statusOf(get(target, 'OWN'))).toBe(400);
    });

    // Bun serves the path of an absolute target, whatever its authority is.
    test.skipIf(currentRuntime === 'bun').each([
      ['http://OWN/healthz', 200],
      ['http://todo.example/healthz', 200],
      ['https://todo.example/healthz', 200],
      ['http://evil.example/healthz', 421],
      ['https://evil.example/healthz', 421],
      ['http://localhost:99999/healthz', 400],
      ['http://a%00b/healthz', 400],
      ['http://user:SECRET@localhost/healthz', 400],
    ])('%s gets %i', async (target, status) => {
      expect(await statusOf(get(target, 'OWN'))).toBe(status);
      expect(await statusOf(get(target, 'evil.example'))).toBe(status === 200 ? 421 : status);
    });

    test('CONNECT opens no tunnel', async () => {
      expect([0, 400, 405, 421]).toContain(
        await statusOf('CONNECT a:1 HTTP/1.1\r\nHost: OWN\r\n\r\n'),
      );
    });
  });

  test('a POST with an invalid Host is refused and changes nothing', async () => {
    for (const [host, status] of [
      ['a%00b', 400],
      ['a:99999', 400],
      ['evil.example', 421],
    ] as const) {
      const head = [
        `POST /add HTTP/1.1`,
        `Host: ${host}`,
        `Origin: http://${host}`,
        'Content-Type: application/x-www-form-urlencoded',
        'Content-Length: 9',
        'Connection: close',
      ];
      expect(await statusOf(`${head.join('\r\n')}\r\n\r\ntask=milk`), host).toBe(status);
    }
    expect(await (await fetch(`${app.url}/api/tasks`)).json()).toEqual([]);
  });

  test('URLs in answers are absolute without a Host header', async () => {
    const connection = await openRawConnection(app.url);
    const head = 'POST /api/tasks HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 16';
    connection.send(`${head}\r\n\r\n{"title":"milk"}`);
    const name = currentRuntime === 'deno' ? 'localhost' : '127.0.0.1';
    expect(await connection.received).toContain(
      `"url":"http://${name}:${new URL(app.url).port}/api/tasks/`,
    );
  });

  test('no attribute of a span or metric is other than it should be', async () => {
    for (let i = 0; i < 30; i++) {
      await statusOf(get(`scheme${i}://z/?token=SECRET`, 'OWN'));
      await statusOf(get('/', `a${i}.example:${i + 1}`));
    }
    const { code, stderr } = await app.stop();
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/ERROR|dropped|\bat .*\(/);
    const sent = sink.requests.map(({ body }) => Buffer.from(body).toString('latin1')).join();
    expect(sent).not.toContain('SECRET');
    expect(sink.spans.filter(({ status }) => status.code === 2)).toEqual([]);

    const servers = sink.spans.filter(({ kind }) => kind === 2).map(({ attributes }) => attributes);
    expect(servers.length).toBeGreaterThan(100);
    for (const attributes of servers) {
      expect(attributes['url.scheme']).toMatch(/^https?$/);
      expect(attributes['url.path']).toMatch(/^\//);
      const { 'server.address': address, 'server.port': port } = attributes;
      if (address === undefined) expect(port).toBeUndefined();
      else expect(port).toSatisfy((value) => Number(value) >= 1 && Number(value) <= 65_535);
    }
    const refused = servers.filter((attributes) => attributes['http.response.status_code'] === 421);
    expect(refused.map((attributes) => attributes['server.address'])).toContain('evil.example');

    for (const name of ['http.server.request.duration', 'http.server.duration']) {
      const points = sink.metrics.filter((metric) => metric.name === name);
      const values = new Set(
        points.flatMap((metric) =>
          metric.points.flatMap(({ attributes }) => Object.values(attributes)),
        ),
      );
      expect(values.size, name).toBeGreaterThan(3);
      expect([...values].filter((value) => /example|scheme|SECRET|^z$/.test(`${value}`))).toEqual(
        [],
      );
    }
  });
});

test.skipIf(currentRuntime !== 'deno')('the :authority of HTTP/2 is checked', async () => {
  await using app = await spawnApp();
  const session = connect(app.url);
  async function answerTo(headers: Record<string, string>): Promise<number> {
    const stream = session.request({ ':path': '/healthz', ...headers });
    const [response] = await once(stream.resume(), 'response');
    return response[':status'];
  }
  expect(await answerTo({})).toBe(200);
  expect(await answerTo({ ':authority': 'localhost' })).toBe(200);
  expect(await answerTo({ ':authority': 'evil.example' })).toBe(421);
  expect(await answerTo({ ':authority': 'localhost', host: 'evil.example' })).toBe(421);
  session.close();
});
