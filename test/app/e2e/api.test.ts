import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime } from '../../support/app-command.ts';
import { buildBundle } from '../../support/build-bundle.ts';
import { openRawConnection, sendRaw } from '../../support/raw-connection.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

let app: SpawnedApp;
beforeAll(async () => {
  app = await spawnApp();
});

const JSON_TYPE = { 'Content-Type': 'application/json' };
const count = async () => ((await (await fetch(`${app.url}/api/tasks`)).json()) as []).length;

/** Returns the complete response to one request as text. */
async function exchange(requestLine: string, headers: Record<string, string>, body = '') {
  const connection = await openRawConnection(app.url);
  connection.sendHead(requestLine, headers);
  connection.send(body);
  return connection.received;
}

describe('over the wire', () => {
  test('a body in chunks is one body', async () => {
    const headers = { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' };
    const chunks = ['{"title":', '"chunked"}'].map(
      (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
    );
    const answer = await exchange('POST /api/tasks', headers, `${chunks.join('')}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer).toContain('"title":"chunked"');
    expect(answer).toMatch(/^etag: "1"\r$/im);
    expect(answer).toContain(`${app.url}/api/tasks/`);
  });

  test.each([
    ['an empty body', ''],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xc3, 0x28, 0x22])],
    ['half an object', '{"title":'],
  ])('%s is a 400', async (_, body) => {
    const before = await count();
    const response = await fetch(`${app.url}/api/tasks`, {
      method: 'POST',
      headers: JSON_TYPE,
      body,
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await count()).toBe(before);
  });

  test('an incomplete body adds nothing', async () => {
    const before = await count();
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const head = `Host: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: 100`;
    socket.end(`POST /api/tasks HTTP/1.1\r\n${head}\r\n\r\n{"title":"half"}`);
    socket.resume();
    await once(socket, 'close');
    expect(await count()).toBe(before);
  });

  test('70 kB are a 413 as problem details', async () => {
    const body = JSON.stringify({ title: 'x'.repeat(70_000) });
    const response = await fetch(`${app.url}/api/tasks`, {
      method: 'POST',
      headers: JSON_TYPE,
      body,
    });
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('HEAD responds with the headers of GET and no body', async () => {
    const answer = await exchange('HEAD /api/tasks', {});
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/^content-type: application\/json\r$/im);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  test('204 and 304 have no body', async () => {
    const { headers } = await fetch(`${app.url}/api/tasks`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"title":"milk"}',
    });
    const path = new URL(headers.get('location') ?? '').pathname;
    const unchanged = await exchange(`GET ${path}`, { 'If-None-Match': '"1"' });
    expect(unchanged).toMatch(/^HTTP\/1\.1 304 .*\r\n\r\n$/s);
    expect(unchanged).toMatch(/^etag: "1"\r$/im);
    expect(await exchange(`DELETE ${path}`, {})).toMatch(/^HTTP\/1\.1 204 .*\r\n\r\n$/s);
  });

  test.each(['PUT', 'TRACE'])('%s is a 405 that echoes nothing', async (method) => {
    const answer = await exchange(`${method} /api/tasks`, { 'X-Echo': 'SECRET' });
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toMatch(/^allow: GET, HEAD, POST, DELETE, OPTIONS\r$/im);
    expect(answer).not.toContain('SECRET');
  });

  test('20 kB of headers are a 431', async () => {
    const headers = { 'X-Filler': 'x'.repeat(20_000) };
    expect(await sendRaw(app.url, 'GET /api/tasks', headers)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

test('dist/node.js has the OpenAPI document within', async ({ skip }) => {
  skip(currentRuntime !== 'node', 'the bundle is for Node alone');
  buildBundle();
  await using bundle = await spawnApp({ entry: 'bundle' });
  const [built, unbuilt] = await Promise.all(
    [bundle, app].map(async ({ url }) => (await fetch(`${url}/api/openapi.json`)).text()),
  );
  expect(built).toBe(unbuilt);
});

afterAll(async () => {
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/ERROR|\bat .*\(/);
});
