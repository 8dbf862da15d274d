import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { TaskStore } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';
import { settingsOf } from '../../support/settings.ts';

const OWN = 'http://localhost';
const PROXY = { peer: { address: '10.0.0.9', port: 40_000 } };
const STRANGER = { peer: { address: '192.0.2.1', port: 40_000 } };

let store: TaskStore;
let behindList: ReturnType<typeof createApp>;
let behindForwarded: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  const trustProxy = settingsOf({ TRUSTED_PROXIES: '10.0.0.0/8' }).TRUSTED_PROXIES;
  behindList = createApp({ store, trustProxy });
  behindForwarded = createApp({ store, trustProxy, proxyHeaders: 'forwarded' });
});

async function statusOfAdd(headers: Record<string, string>, bindings = {}): Promise<number> {
  const app = 'Forwarded' in headers ? behindForwarded : behindList;
  const { status } = await postForm(app, `${OWN}/add`, { task: 'milk' }, headers, bindings);
  expect(await store.list()).toHaveLength(status === 303 ? 1 : 0);
  return status;
}

describe('csrf()', () => {
  test('a client that is not a browser passes', async () => {
    expect(await statusOfAdd({})).toBe(303);
  });

  test.each([
    ['same-origin', 303],
    ['none', 303],
    ['same-site', 403],
    ['cross-site', 403],
    ['', 403],
    ['something new', 403],
  ])('answers Sec-Fetch-Site "%s" with %i', async (site, status) => {
    expect(await statusOfAdd({ 'Sec-Fetch-Site': site })).toBe(status);
  });

  test('checks Sec-Fetch-Site before Origin', async () => {
    expect(await statusOfAdd({ 'Sec-Fetch-Site': 'cross-site', Origin: OWN })).toBe(403);
    expect(await statusOfAdd({ 'Sec-Fetch-Site': 'same-origin', Origin: 'null' })).toBe(303);
  });

  test.each([
    [OWN, 303],
    ['https://localhost', 403],
    ['http://localhost:8080', 403],
    ['http://localhost.example', 403],
    ['http://evil.example', 403],
    ['null', 403],
    ['', 403],
  ])('answers the Origin "%s" with %i', async (origin, status) => {
    expect(await statusOfAdd({ Origin: origin })).toBe(status);
  });

  test.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x'])(
    'refuses a cross-site %s before it is read',
    async (type) => {
      expect(await statusOfAdd({ Origin: 'http://evil.example', 'Content-Type': type })).toBe(403);
    },
  );

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'refuses a cross-site %s anywhere',
    async (method) => {
      const headers = { 'Sec-Fetch-Site': 'cross-site' };
      expect((await behindList.request('/delete/1', { method, headers })).status).toBe(403);
    },
  );

  test('leaves links from other sites alone', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await behindList.request('/', { headers })).status).toBe(200);
  });

  const forwarded = {
    Origin: 'https://todo.example',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'todo.example',
  };

  test('treats the origin that a trusted proxy forwards as its own', async () => {
    expect(await statusOfAdd({ ...forwarded, Origin: OWN }, PROXY)).toBe(403);
    expect(await statusOfAdd(forwarded, PROXY)).toBe(303);
  });

  test.each([
    [{ Forwarded: 'for=192.0.2.1;proto=https;host=todo.example' }],
    [{ Forwarded: 'for=192.0.2.1;proto=https;host=todo.example, for=10.0.0.8;proto=http' }],
    [
      {
        'X-Forwarded-For': '192.0.2.1, 10.0.0.8',
        'X-Forwarded-Proto': 'https, http',
        'X-Forwarded-Host': 'todo.example, inner',
      },
    ],
  ])('uses the origin that the proxy nearest to the client saw: %j', async (headers) => {
    const { Origin } = forwarded;
    expect(await statusOfAdd({ ...headers, Origin: 'http://inner' }, PROXY)).toBe(403);
    expect(await statusOfAdd({ ...headers, Origin }, PROXY)).toBe(303);
  });

  test.each([
    [{ Forwarded: 'host=evil.example;proto=https, for=192.0.2.1;host=todo.example;proto=https' }],
    [{ 'X-Forwarded-Host': 'evil.example, todo.example', 'X-Forwarded-Proto': 'https' }],
  ])('ignores entries that a client wrote before the first proxy: %j', async (headers) => {
    const { Origin } = forwarded;
    expect(await statusOfAdd({ ...headers, Origin: 'https://evil.example' }, PROXY)).toBe(403);
    expect(await statusOfAdd({ ...headers, Origin }, PROXY)).toBe(303);
  });

  test('refuses every Origin if a trusted proxy forwards an invalid header', async () => {
    expect(await statusOfAdd({ ...forwarded, 'X-Forwarded-Host': '[' }, PROXY)).toBe(403);
  });

  test('ignores forwarding headers from others', async () => {
    expect(await statusOfAdd(forwarded, STRANGER)).toBe(403);
    const { Origin } = forwarded;
    const header = { Origin, Forwarded: 'proto=https;host=todo.example' };
    expect(await statusOfAdd(header, STRANGER)).toBe(403);
    expect(await statusOfAdd(forwarded)).toBe(403);
    expect(await statusOfAdd({ ...forwarded, Origin: OWN }, STRANGER)).toBe(303);
  });
});
