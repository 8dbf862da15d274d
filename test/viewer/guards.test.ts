import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type GuardOptions,
  guardRequests,
} from '../../packages/opentelemetry-viewer/src/server/guards.ts';
import { openRawConnection } from '../support/raw-connection.ts';

function createGuarded(options?: GuardOptions): Hono {
  return new Hono().use(guardRequests(options)).all('*', (c) => c.text('secret'));
}

async function request(headers: Record<string, string>, options?: GuardOptions) {
  const url = `http://${headers.Host ?? 'localhost:16686'}/api/v3/services`;
  const response = await createGuarded(options).request(url, { headers });
  const body = await response.text();
  if (response.status !== 200) expect(body).not.toContain('secret');
  return { status: response.status, headers: response.headers, body };
}

describe('guardRequests() and Host', () => {
  test.each([
    'localhost:16686',
    'LOCALHOST:16686',
    'localhost',
    'viewer.localhost:16686',
    '127.0.0.1:16686',
    '127.1.2.3:16686',
    '[::1]:16686',
  ])('accepts %s', async (host) => {
    const { status, headers } = await request({ Host: host });
    expect(status).toBe(200);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  test.each([
    'attacker.example',
    'attacker.example:16686',
    'localhost.attacker.example',
    '127.0.0.1.nip.io:16686',
    '10.0.0.1:16686',
    '0.0.0.0:16686',
    '[::2]:16686',
    '[::ffff:127.0.0.1]:16686',
  ])('refuses %s', async (host) => {
    expect(await request({ Host: host })).toMatchObject({
      status: 421,
      body: expect.stringContaining('localhost'),
    });
  });

  test('accepts a configured host', async () => {
    const options = { allowedHosts: ['viewer.internal'] };
    expect((await request({ Host: 'viewer.internal:16686' }, options)).status).toBe(200);
    expect((await request({ Host: 'attacker.example' }, options)).status).toBe(421);
  });

  test('accepts addresses, but no domains, when listening on all addresses', async () => {
    const options = { allowedHosts: ['0.0.0.0'] };
    expect((await request({ Host: '192.168.0.7:16686' }, options)).status).toBe(200);
    expect((await request({ Host: 'attacker.example' }, options)).status).toBe(421);
  });

  test.each([
    ['GET / HTTP/1.1', ['localhost', 'attacker.example']],
    ['GET / HTTP/1.1', ['attacker.example', 'localhost']],
    ['GET / HTTP/1.1', ['localhost@attacker.example']],
    ['GET / HTTP/1.1', ['attacker.example#localhost']],
    ['GET / HTTP/1.1', ['attacker.example/localhost']],
    ['GET / HTTP/1.1', ['']],
    ['GET / HTTP/1.1', []],
    ['GET http://attacker.example/ HTTP/1.1', ['localhost']],
    ['GET //attacker.example/ HTTP/1.1', ['attacker.example']],
  ])('no bytes of the response leak for %s with Host %j', async (requestLine, hosts) => {
    const server = createServer(getRequestListener(createGuarded().fetch));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    await using connection = await openRawConnection(`http://127.0.0.1:${port}`);
    const headers = [...hosts.map((host) => `Host: ${host}\r\n`), 'Connection: close\r\n'];
    connection.send(`${requestLine}\r\n${headers.join('')}\r\n`);
    const received = await connection.received;
    expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(received).not.toContain('secret');
  });
});

describe('guardRequests() and web pages', () => {
  const navigation = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  const frame = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' };

  test.each<Record<string, string>>([
    {},
    { Origin: 'http://localhost:16686' },
    { Origin: 'http://127.0.0.1:16686', Host: '127.0.0.1:16686' },
    { 'Sec-Fetch-Site': 'same-origin' },
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'null' },
    { 'Sec-Fetch-Site': 'none', ...navigation },
    { 'Sec-Fetch-Site': 'cross-site', ...navigation },
    { 'Sec-Fetch-Site': 'same-site', ...navigation },
  ])('pass with %j', async (headers) => {
    expect((await request(headers)).status).toBe(200);
  });

  test.each<Record<string, string>>([
    { Origin: 'https://attacker.example' },
    { Origin: 'http://attacker.example:16686' },
    { Origin: 'http://localhost:5000' },
    { Origin: 'https://localhost:16686' },
    { Origin: 'null' },
    { Origin: '' },
    { Origin: 'localhost:16686' },
    { Origin: 'http://localhost:16686.attacker.example' },
    { Origin: 'file://' },
    { Origin: 'http://attacker.example', 'Sec-Fetch-Site': 'cross-site', ...navigation },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
    { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' },
    { 'Sec-Fetch-Site': 'cross-site', ...frame },
    { 'Sec-Fetch-Site': 'invented' },
  ])('are refused with %j', async (headers) => {
    expect((await request(headers)).status).toBe(403);
  });

  test.each([
    ['http://localhost:5000', 200],
    ['http://127.0.0.1:5000', 200],
    ['https://[::1]:5173', 200],
    ['https://attacker.example', 403],
    ['http://localhost.attacker.example', 403],
    ['null', 403],
  ])('pages of %s get status %i from a receiver', async (origin, status) => {
    const headers = { Origin: origin, 'Sec-Fetch-Site': 'cross-site' };
    expect((await request(headers, { origins: 'loopback' })).status).toBe(status);
  });
});
