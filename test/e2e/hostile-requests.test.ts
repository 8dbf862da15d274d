import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../support/app-command.ts';
import { type OtlpSink, startOtlpSink } from '../support/otlp-sink.ts';
import { openRawConnection, type RawConnection } from '../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../support/spawned-app.ts';

let sink: OtlpSink;
let app: SpawnedApp;
beforeAll(async () => {
  sink = await startOtlpSink();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  app = await spawnApp({ args: ['--otlp'], env });
});
afterAll(() => sink.close());

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** The head of what one request gets on a connection of its own, sent byte by byte as given. */
async function send(
  requestLine: string,
  headers: Record<string, string> = {},
  ...body: string[]
): Promise<string> {
  const connection = await openRawConnection(app.url);
  connection.sendHead(requestLine, headers);
  for (const part of body) connection.send(part);
  return connection.head;
}

async function expectAlive(): Promise<void> {
  expect((await fetch(app.url)).status).toBe(200);
}

describe('what is too large', () => {
  test('a body of 1 MB that says its length gets 413, before it is sent', async () => {
    const headers = { ...FORM, 'Content-Length': '1000000' };
    expect(await send('POST /add', headers)).toMatch(/^HTTP\/1\.1 413 /);
    await expectAlive();
  });

  test('a body in chunks gets 413 once it is over 64 kB', async () => {
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    const headers = { ...FORM, 'Transfer-Encoding': 'chunked' };
    expect(await send('POST /add', headers, ...Array(17).fill(chunk))).toMatch(/^HTTP\/1\.1 413 /);
    await expectAlive();
  });

  test('20 kB of headers get 431', async () => {
    expect(await send('GET /', { Cookie: 'x'.repeat(20_000) })).toMatch(/^HTTP\/1\.1 431 /);
    await expectAlive();
  });
});

describe
  .skipIf(currentRuntime === 'deno')
  .concurrent('who is too slow (Deno.serve never cuts a client: put a proxy before it)', () => {
    async function isCutWithin(
      millis: number,
      connection: RawConnection,
      byte: string,
    ): Promise<boolean> {
      const timer = setInterval(() => connection.send(byte), 3_000);
      try {
        return await Promise.race([connection.received.then(() => true), pause(millis, false)]);
      } finally {
        clearInterval(timer);
      }
    }

    test('is cut within 30 s when the body comes at 1 byte in 3 s', {
      timeout: 40_000,
    }, async () => {
      const connection = await openRawConnection(app.url);
      connection.sendHead('POST /add', { ...FORM, 'Content-Length': '1000' });
      expect(await isCutWithin(30_000, connection, 'x')).toBe(true);
      expect(await connection.received).not.toMatch(/^HTTP\/1\.1 [235]/);
      await expectAlive();
    });

    test('is cut within 30 s when the headers do', { timeout: 40_000 }, async () => {
      const connection = await openRawConnection(app.url);
      connection.send('GET / HTTP/1.1\r\nHost: ');
      expect(await isCutWithin(30_000, connection, 'x')).toBe(true);
      await expectAlive();
    });
  });

describe('what is no request of ours', () => {
  test('chunks that are none get 400, or the connection is closed', async () => {
    const headers = { ...FORM, 'Transfer-Encoding': 'chunked' };
    expect(await send('POST /add', headers, 'no chunk\r\n')).toMatch(/^(HTTP\/1\.1 400 |$)/);
    await expectAlive();
  });

  test('TRACE gets 405 and no echo', async () => {
    const connection = await openRawConnection(app.url);
    connection.sendHead('TRACE /', { 'X-Secret': 'echo' });
    const answer = await connection.received;
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).not.toContain('echo');
  });

  test('CONNECT opens no tunnel', async () => {
    expect(await send('CONNECT example.com:443')).toMatch(/^(HTTP\/1\.1 4|$)/);
    await expectAlive();
  });

  test.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/static/..\\..\\package.json',
    '/package.json',
    '/tasks.db',
    '/.env',
    '/.git/config',
    '/debug',
    '/metrics',
    '/%',
    '/%00',
    '//example.com/',
  ])('GET %s gets 404, or 400 for what is no path', async (path) => {
    expect(await send(`GET ${path}`)).toMatch(/^HTTP\/1\.1 40[04] /);
    await expectAlive();
  });

  test('GET /delete/1 gets 405 and deletes nothing', async () => {
    await fetch(`${app.url}/add`, { method: 'POST', body: new URLSearchParams({ task: 'stays' }) });
    const response = await fetch(`${app.url}/delete/1`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await (await fetch(app.url)).text()).toContain('stays');
  });
});

test('forwarding headers of a client that is no trusted proxy change nothing', async () => {
  const { port } = new URL(app.url);
  const traceId = 'c'.repeat(32);
  await send('GET /', {
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    Forwarded: 'for=203.0.113.9;proto=https;host=bank.example',
    'X-Forwarded-For': '203.0.113.9',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'bank.example',
  });
  // No page of bank.example may post here because of a header that anybody can send.
  const body = new URLSearchParams({ task: 'forged' });
  const headers = {
    Origin: 'https://bank.example',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'bank.example',
  };
  expect((await fetch(`${app.url}/add`, { method: 'POST', headers, body })).status).toBe(403);

  await sink.waitFor(({ spans }) =>
    spans.some((span) => span.traceId === traceId && span.kind === 2),
  );
  const span = sink.spans.find((each) => each.traceId === traceId && each.kind === 2);
  expect(span?.attributes).toMatchObject({
    'client.address': '127.0.0.1',
    'url.scheme': 'http',
    'server.address': '127.0.0.1',
    'server.port': Number(port),
  });
});

test('none of all this was an error of the server', async () => {
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/ERROR|Lost|\bat .*\(/);
  expect(sink.spans.filter(({ status }) => status.code === 2)).toEqual([]);
  expect(sink.logs.filter(({ severityNumber }) => severityNumber >= 17)).toEqual([]);
});
