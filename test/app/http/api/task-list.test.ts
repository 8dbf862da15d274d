import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import type { TaskStore } from '../../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({ store });
});

const titles = async () => (await store.list()).map(({ title }) => title);

describe('GET /api/tasks', () => {
  test('has 100 tasks per page by default', async () => {
    for (let i = 0; i < 101; i++) await store.add({ title: `${i}`, order: i });
    const first = await app.request('/api/tasks');
    expect(await first.json()).toHaveLength(100);
    const [, next = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    const second = await app.request(next);
    expect(await second.json()).toMatchObject([{ title: '100' }]);
    expect(second.headers.get('link')).toBeNull();
  });

  test('continues after a task that was deleted between two pages', async () => {
    for (const order of [1, 2, 3]) await store.add({ title: `${order}`, order });
    const first = await app.request('/api/tasks?limit=2');
    await store.remove(2);
    const [, next = ''] = /<([^>]+)>/.exec(first.headers.get('link') ?? '') ?? [];
    expect(await (await app.request(next)).json()).toMatchObject([{ title: '3' }]);
  });

  test('keeps the filter in the link to the next page', async () => {
    for (const completed of [true, true, false]) await store.add({ title: 'milk', completed });
    const response = await app.request('/api/tasks?completed=true&limit=1');
    expect(response.headers.get('link')).toContain('completed=true&limit=1&after=');
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=', 'limit'],
    ['completed=yes', 'completed'],
    ['completed=true&completed=false', 'completed'],
    ['after=MTAuMQ%00', 'after'],
    ['after=', 'after'],
  ])('answers ?%s with 422 and the parameter that is wrong', async (query, parameter) => {
    const response = await app.request(`/api/tasks?${query}`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ parameter }] });
  });

  test('ignores unknown parameters', async () => {
    expect((await app.request('/api/tasks?utm_source=mail')).status).toBe(200);
  });
});

describe('DELETE /api/tasks', () => {
  beforeEach(async () => {
    for (const completed of [true, false]) await store.add({ title: `${completed}`, completed });
  });

  test('deletes only completed tasks on request', async () => {
    const response = await app.request('/api/tasks?completed=true', { method: 'DELETE' });
    expect(response.status).toBe(204);
    expect(await titles()).toEqual(['false']);
  });

  test.each(['complete=true', 'limit=1', 'completed=', '__proto__=1'])(
    'deletes nothing for ?%s',
    async (query) => {
      const response = await app.request(`/api/tasks?${query}`, { method: 'DELETE' });
      expect(response.status).toBe(422);
      expect(await response.text()).not.toMatch(/complete=|proto/);
      expect(await titles()).toHaveLength(2);
    },
  );
});
