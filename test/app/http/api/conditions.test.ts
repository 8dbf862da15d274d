import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import type { TaskStore } from '../../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({ store });
});

const titles = async () => (await store.list()).map(({ title }) => title);

describe('conditions', () => {
  beforeEach(async () => {
    await store.add({ title: 'milk' });
    await store.update(1, { title: 'bread' });
  });

  const send = (method: string, headers: Record<string, string>, path = '/api/tasks/1') =>
    app.request(path, {
      method,
      headers: { ...JSON_TYPE, ...headers },
      ...(method === 'PATCH' && { body: '{"completed":true}' }),
    });

  test.each([
    ['"2"', true],
    ['*', true],
    ['"1", "2"', true],
    ['"1"', false],
    ['W/"2"', false],
    ['2', false],
    ['', false],
  ])('a request with If-Match: %s', async (tag, holds) => {
    const headers = { 'If-Match': tag };
    expect((await send('GET', headers)).status).toBe(holds ? 200 : 412);
    expect((await send('PATCH', headers)).status).toBe(holds ? 200 : 412);
    expect(await store.get(1)).toMatchObject({ completed: holds });
    const now = holds ? tag.replace('2', '3') : tag;
    expect((await send('DELETE', { 'If-Match': now })).status).toBe(holds ? 204 : 412);
    expect(await titles()).toHaveLength(holds ? 0 : 1);
  });

  test.each([
    ['"2"', false],
    ['W/"2"', false],
    ['*', false],
    ['"1" , W/"2"', false],
    ['"1"', true],
  ])('a request with If-None-Match: %s', async (tag, holds) => {
    const headers = { 'If-None-Match': tag };
    const response = await send('GET', headers);
    expect(response.status).toBe(holds ? 200 : 304);
    expect(response.headers.get('etag')).toBe('"2"');
    expect((await send('PATCH', headers)).status).toBe(holds ? 200 : 412);
  });

  test('do not apply to a missing task: 404', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect((await send(method, { 'If-Match': '*' }, '/api/tasks/7')).status).toBe(404);
    }
  });

  test('do not apply to the list: DELETE with one deletes nothing', async () => {
    const init = (tag: string) => ({ method: 'DELETE', headers: { 'If-Match': tag } });
    expect((await app.request('/api/tasks', init('"1"'))).status).toBe(412);
    expect(await store.list()).not.toEqual([]);
    expect((await app.request('/api/tasks', init('*'))).status).toBe(204);
    expect(await store.list()).toEqual([]);
  });

  test.each(['PATCH', 'DELETE'])(
    'conditions refuse to %s a task that changes after they were checked: 412',
    async (method) => {
      const racing: TaskStore = {
        ...store,
        async get(id) {
          const task = await store.get(id);
          await store.update(id, { order: 7 });
          return task;
        },
      };
      app = createApp({ store: racing });
      expect((await send(method, { 'If-Match': '"2"' })).status).toBe(412);
      expect(await store.get(1)).toMatchObject({ title: 'bread', completed: false, order: 7 });
    },
  );
});
