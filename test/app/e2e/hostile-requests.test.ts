import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { openRawConnection, sendRaw } from '../../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

let sink: OtlpSink;
let app: SpawnedApp;
beforeAll(async () => {
  sink = await startOtlpSink();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  app = await spawnApp({ args: ['--otlp'], env });
});
afterAll(() => sink.close());

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function expectAlive(): Promise<void> {
  expect((await fetch(app.url)).status).toBe(200);
}

describe('a hostile request', () => {
  test('invalid chunks get 400, or the connection is closed', async () => {
    const headers = { ...FORM, 'Transfer-Encoding': 'chunked' };
    expect(await sendRaw(app.url, 'POST /add', headers, 'no chunk\r\n')).toMatch(
      /^(HTTP\/1\.1 400 |$)/,
    );
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
    expect(await sendRaw(app.url, 'CONNECT example.com:443')).toMatch(/^(HTTP\/1\.1 4|$)/);
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
  ])('GET %s gets 404, or 400 for an invalid path', async (path) => {
    expect(await sendRaw(app.url, `GET ${path}`)).toMatch(/^HTTP\/1\.1 40[04] /);
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

test('forwarding headers of a client that is not a trusted proxy change nothing', async () => {
  const { port } = new URL(app.url);
  const traceId = 'c'.repeat(32);
  await sendRaw(app.url, 'GET /', {
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    Forwarded: 'for=203.0.113.9;proto=https;host=bank.example',
    'X-Forwarded-For': '203.0.113.9',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'bank.example',
  });
  // No page of bank.example may post here because of a header that any client can send.
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

test('none of these requests is a server error', async () => {
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/ERROR|dropped|\bat .*\(/);
  // Clients that left before their response was complete are errors, but not of the server.
  const errors = sink.spans.filter(({ status }) => status.code === 2);
  const ofServer = errors.filter(
    ({ attributes }) => attributes['error.type'] !== 'client_disconnected',
  );
  expect(ofServer).toEqual([]);
  expect(sink.logs.filter(({ severityNumber }) => severityNumber >= 17)).toEqual([]);
});
