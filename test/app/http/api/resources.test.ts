import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import type { TaskStore } from '../../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';
import { requestWithMethod } from '../../../support/request-with-method.ts';
import { settingsOf } from '../../../support/settings.ts';

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({
    store,
    trustProxy: settingsOf({ TRUSTED_PROXIES: '10.0.0.0/8' }).TRUSTED_PROXIES,
  });
});

const titles = async () => (await store.list()).map(({ title }) => title);

test.each([
  '0',
  '-1',
  '01',
  '1.0',
  '1e3',
  'NaN',
  '9007199254740992',
  '__proto__',
  '%00',
  '%zz',
  '1%20or%201=1',
])('no task has the id %s: 404', async (id) => {
  await store.add({ title: 'milk' });
  for (const method of ['GET', 'DELETE']) {
    const response = await app.request(`/api/tasks/${id}`, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  }
  expect(await titles()).toEqual(['milk']);
});

test.each([
  ['application/json', 200],
  ['application/*;q=0.1', 200],
  ['text/html, */*;q=0.8', 200],
  ['', 200],
  ['text/html', 406],
  ['application/json;q=0, */*', 406],
  ['*/*;q=0', 406],
])('Accept: %s', async (accept, status) => {
  const response = await app.request('/api/tasks', { headers: { Accept: accept } });
  expect(response.status).toBe(status);
});

describe('methods', () => {
  test.each([
    ['/api/tasks', 'GET, HEAD, POST, DELETE, OPTIONS'],
    ['/api/tasks/1', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['/api/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('the methods of %s are %s', async (path, allow) => {
    const options = await app.request(path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
    for (const method of ['PUT', 'TRACE', 'PROPFIND']) {
      const response = await app.fetch(requestWithMethod(method, path), {});
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  test('HEAD answers as GET does, without a body', async () => {
    await store.add({ title: 'milk' });
    for (const path of ['/api/tasks', '/api/tasks/1', '/api/openapi.json', '/api/tasks/7']) {
      const [head, get] = await Promise.all([
        app.request(path, { method: 'HEAD' }),
        app.request(path),
      ]);
      expect(head.status).toBe(get.status);
      expect([...head.headers]).toEqual([...get.headers]);
      expect(await head.text()).toBe('');
    }
  });
});

describe('the url of a task', () => {
  const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'todo.example' };
  const urlFor = async (headers: Record<string, string>, address: string) => {
    const bindings = { peer: { address, port: 40_000 } };
    const response = await app.request('http://inner/api/tasks/1', { headers }, bindings);
    return ((await response.json()) as { url: string }).url;
  };

  beforeEach(async () => {
    await store.add({ title: 'milk' });
  });

  test('has the origin that a trusted proxy forwards', async () => {
    expect(await urlFor(forwarded, '10.0.0.9')).toBe('https://todo.example/api/tasks/1');
  });

  test("has the request's origin for other clients, and if a proxy forwards an invalid one", async () => {
    expect(await urlFor(forwarded, '192.0.2.1')).toBe('http://inner/api/tasks/1');
    const nonsense = { ...forwarded, 'X-Forwarded-Host': '[' };
    expect(await urlFor(nonsense, '10.0.0.9')).toBe('http://inner/api/tasks/1');
  });
});
