import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type MetricsServer,
  startMetricsServer,
} from '../../exporters/prometheus/metrics-server.ts';
import type { PageFormat } from '../../exporters/prometheus/negotiate-format.ts';
import { freePort } from '../support/free-port.ts';
import { openRawConnection, sendRaw } from '../support/raw-connection.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS =
  'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores';
/** The `Accept` header of Prometheus 3. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

let server: MetricsServer;
let url: string;
let collectPage: (format: PageFormat) => Promise<string>;

beforeEach(async () => {
  collectPage = async (format) => `page in ${format}: é\n`;
  const port = await freePort();
  const options = {
    host: '127.0.0.1',
    port,
    collectPage: (format: PageFormat) => collectPage(format),
  };
  server = await startMetricsServer(options);
  url = `http://127.0.0.1:${port}/metrics`;
});
afterEach(() => server.close());

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(new URL(path, url), init);
  const { status, headers } = response;
  return { status, headers, body: await response.text() };
}

test.each([
  [undefined, TEXT],
  ['*/*', TEXT],
  ['text/html,*/*;q=0.8', TEXT],
  ['application/json', TEXT],
  ['application/openmetrics-text', OPENMETRICS],
  ['Application/OpenMetrics-Text; Version="1.0.0"', OPENMETRICS],
  ['application/openmetrics-text;version=0.0.1', TEXT],
  ['application/openmetrics-text;version=2.0.0,*/*;q=0.1', TEXT],
  ['application/openmetrics-text;q=0.2,text/plain;version=0.0.4;q=0.3', TEXT],
  ['application/openmetrics-text;q=0', TEXT],
  ['application/openmetrics-text;q=odd,text/plain', TEXT],
  [PROMETHEUS, OPENMETRICS],
  [',;=,;q=,', TEXT],
])('a metrics request that accepts %s receives %s', async (accept, contentType) => {
  const { status, headers, body } = await ask('/metrics', accept ? { headers: { accept } } : {});
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe(contentType);
  expect(headers.get('vary')).toBe('accept');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toBe(`page in ${contentType === TEXT ? 'text' : 'openmetrics'}: é\n`);
});

test('a HEAD request for metrics receives the headers of GET', async () => {
  const answer = await openRawConnection(url);
  answer.sendHead('HEAD /metrics');
  const received = await answer.received;
  expect(received).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\ncontent-length: 17\r\n[\s\S]*\r\n\r\n$/i);
});

test.each([
  ['GET', '/metrics?name=up', 200],
  ['GET', '/', 404],
  ['GET', '/metrics/', 404],
  ['GET', '/favicon.ico', 404],
  ['POST', '/metrics', 405],
  ['DELETE', '/metrics', 405],
])('the metrics server responds to %s %s with %d', async (method, path, expected) => {
  const { status, headers } = await ask(path, { method });
  expect(status).toBe(expected);
  if (expected === 405) expect(headers.get('allow')).toBe('GET, HEAD');
});

test('the metrics server responds with 500 to a failed collection, without the error', async () => {
  collectPage = () => Promise.reject(new Error('secret'));
  const { status, body } = await ask('/metrics');
  expect(status).toBe(500);
  expect(body).not.toContain('secret');
});

test('close() of the metrics server does not wait for half a request or an unread response', async () => {
  const halfSent = await openRawConnection(url);
  halfSent.send('GET /metrics HTTP/1.1\r\nHost: 127');
  const idle = await openRawConnection(url);
  idle.send('GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await idle.head;
  collectPage = () => new Promise(() => {});
  const unanswered = await openRawConnection(url);
  unanswered.sendHead('GET /metrics');
  const start = performance.now();
  await server.close();
  await Promise.all([halfSent.received, idle.received, unanswered.received]);
  expect(performance.now() - start).toBeLessThan(10_000);
  await expect(fetch(url)).rejects.toThrow();
});

describe('the Host of a request', () => {
  test.each([
    ['evil.example', 421],
    ['evil.example:9464', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost', 200],
    ['a b', 400],
  ])('the metrics server responds to the Host %s with %d', async (host, expected) => {
    const { port } = new URL(url);
    const connection = await openRawConnection(`http://127.0.0.1:${port}`);
    connection.send(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await connection.head).toMatch(new RegExp(`^HTTP/1\\.1 ${expected} `));
  });

  test('the metrics server refuses two Host headers', async () => {
    expect(await sendRaw(url, 'GET /metrics', { Host: 'evil.example' })).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });
});
