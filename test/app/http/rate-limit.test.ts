import { expect, test } from 'vitest';
import { type AppOptions, createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { settingsOf } from '../../support/settings.ts';

const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE'];

function limitedApp(options: Partial<AppOptions> = {}) {
  const app = createApp({ store: createMemoryTaskStore(), changesPerSecond: 2, ...options });
  return function send(address: string | undefined, init: RequestInit = {}, path = '/delete/1') {
    const bindings = address === undefined ? undefined : { peer: { address, port: 40_000 } };
    return app.request(path, { method: 'POST', ...init }, bindings);
  };
}

/** Returns the number of accepted changes of six, one from each address in turn. */
async function passed(send: ReturnType<typeof limitedApp>, ...addresses: (string | undefined)[]) {
  let count = 0;
  for (let i = 0; i < 6; i += 1) {
    const { status } = await send(addresses[i % addresses.length]);
    if (status !== 429) count += 1;
  }
  return count;
}

test('rateLimit() answers 429 with a page and the time to wait', async () => {
  const send = limitedApp();
  expect(await passed(send, '192.0.2.1')).toBe(4);
  const response = await send('192.0.2.1');
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.text()).toContain('up to 2 changes per second');
});

test('rateLimit() counts every method that changes something, and no other', async () => {
  const send = limitedApp();
  for (const method of CHANGES) await send('192.0.2.1', { method });
  for (const method of CHANGES) {
    expect((await send('192.0.2.1', { method })).status, method).toBe(429);
  }
  for (const method of ['GET', 'HEAD']) {
    expect((await send('192.0.2.1', { method }, '/')).status, method).toBe(200);
  }
});

test('rateLimit() does not count requests of other sites', async () => {
  const send = limitedApp();
  const headers = { 'Sec-Fetch-Site': 'cross-site' };
  for (let i = 0; i < 10; i += 1) await send('192.0.2.1', { headers });
  expect((await send('192.0.2.1')).status).toBe(303);
});

test.each([
  ['192.0.2.1', '192.0.2.2'],
  ['2001:db8:0:1::1', '2001:db8:0:2::1'],
  ['::1', '::ffff:192.0.2.1'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2'],
])('rateLimit() distinguishes %s from %s', async (first, second) => {
  expect(await passed(limitedApp(), first, second)).toBe(6);
});

test.each([
  ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
  ['2001:db8::1', '2001:0DB8:0:0:0:0:0:2'],
  ['192.0.2.1', '::ffff:192.0.2.1'],
  ['::ffff:192.0.2.1', '0:0:0:0:0:ffff:c000:201'],
  ['fe80::1%eth0', 'fe80::2%eth0'],
])('rateLimit() treats %s and %s as one client', async (first, second) => {
  expect(await passed(limitedApp(), first, second)).toBe(4);
});

test('rateLimit() refuses no request under a server that does not report the peer', async () => {
  expect(await passed(limitedApp(), undefined)).toBe(6);
});

test('rateLimit() is off at 0', async () => {
  expect(await passed(limitedApp({ changesPerSecond: 0 }), '192.0.2.1')).toBe(6);
});

const trustProxy = settingsOf({ TRUSTED_PROXIES: '10.0.0.0/8' }).TRUSTED_PROXIES;

/** Returns the number of accepted changes of six, each from another claimed address. */
async function passedAs(name: string, value: (i: number) => string, peer: string) {
  const proxyHeaders = name === 'Forwarded' ? 'forwarded' : 'x-forwarded';
  const send = limitedApp({ trustProxy, proxyHeaders });
  const headers = (i: number) => ({ [name]: value(i) });
  const answers = [0, 1, 2, 3, 4, 5].map((i) => send(peer, { headers: headers(i) }));
  return (await Promise.all(answers)).filter(({ status }) => status !== 429).length;
}

test.each([
  ['X-Forwarded-For', (i: number) => `192.0.2.${i}`],
  ['X-Forwarded-For', (i: number) => `192.0.2.${i}, 10.0.0.7`],
  ['Forwarded', (i: number) => `for="[2001:db8:0:${i}::1]:4711"`],
])('rateLimit() uses the client that a trusted proxy names in %s: %s', async (name, value) => {
  expect(await passedAs(name, value, '10.0.0.9')).toBe(6);
  expect(await passedAs(name, value, '192.0.2.9')).toBe(4);
});

test.each([
  ['X-Forwarded-For', (i: number) => `198.51.100.${i}, 192.0.2.1`],
  ['X-Forwarded-For', (i: number) => `made-up-${i}`],
  ['X-Forwarded-For', (i: number) => `${i}.${i}`],
  ['Forwarded', () => 'for=unknown'],
])('rateLimit() uses no other address in %s: %s', async (name, value) => {
  expect(await passedAs(name, value, '10.0.0.9')).toBe(4);
});

test.each([
  ['Forwarded', 'x-forwarded'],
  ['X-Forwarded-For', 'forwarded'],
] as const)('rateLimit() ignores %s behind a proxy that sets %s', async (name, proxyHeaders) => {
  const send = limitedApp({ trustProxy, proxyHeaders });
  const statuses: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    const value = name === 'Forwarded' ? `for=192.0.2.${i}` : `192.0.2.${i}`;
    statuses.push((await send('10.0.0.9', { headers: { [name]: value } })).status);
  }
  expect(statuses.filter((status) => status !== 429)).toHaveLength(4);
});
