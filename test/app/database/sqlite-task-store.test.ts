import { expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { testSharedTaskStore } from '../../contracts/shared-task-store.ts';
import { testTaskStore } from '../../contracts/task-store.ts';
import { postForm } from '../../support/post-form.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

testTaskStore('createSqliteTaskStore() on a file', () =>
  openDatabase(`file:${temporary.newPath()}`),
);
testTaskStore('createSqliteTaskStore() in memory', () => openDatabase(':memory:'));

testSharedTaskStore('createSqliteTaskStore()', async (maxTasks = 0) => {
  const url = `file:${temporary.newPath()}`;
  return [await openDatabase(url, { maxTasks }), await openDatabase(url, { maxTasks })];
});

test('restore() adds back as many tasks as the list has room for', async () => {
  const { store, close } = await openDatabase(':memory:', { maxTasks: 2 });
  const { id } = await store.add({ title: 'milk', completed: true });
  await store.add({ title: 'tea', completed: true });
  const from = Date.now();
  await store.removeAll();
  const to = Date.now();
  await store.add({ title: 'rum' });
  expect(await store.restore({ from, to })).toBe(1);
  expect((await store.list()).map((task) => task.title)).toEqual(['milk', 'rum']);
  await store.remove(id);
  expect(await store.restore({ from, to })).toBe(1);
  await close();
});

test('restore() finds the last 10,000 removed tasks', async () => {
  const { store, close } = await openDatabase(':memory:');
  for (let n = 0; n < 10_001; n++) await store.add({ title: `${n}`, completed: true });
  const from = Date.now();
  await store.removeAll();
  expect(await store.restore({ from, to: Date.now() })).toBe(10_000);
  expect((await store.list({ limit: 1 }))[0]?.title).toBe('1');
  await close();
});

test('restore() finds nothing after a restart, because the file keeps no removed tasks', async () => {
  const path = temporary.newPath();
  const { store, close } = await openDatabase(`file:${path}`);
  const { id } = await store.add({ title: 'milk' });
  await store.remove(id);
  await close();
  const again = await openDatabase(`file:${path}`);
  expect(await again.store.restore({ id })).toBe(0);
  await again.close();
});

test('a full list answers 409, as a page and as a problem', async () => {
  const { store, close } = await openDatabase(':memory:', { maxTasks: 1 });
  const app = createApp({ store });
  expect((await postForm(app, '/add', { task: 'milk' })).status).toBe(303);
  const page = await postForm(app, '/add', { task: 'bread' });
  expect(page.status).toBe(409);
  expect(await page.text()).toContain('The list is full');
  const response = await app.request('/api/tasks', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"title":"bread"}',
  });
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ title: 'Conflict', status: 409 });
  await close();
});

test('the list has no bare limit parameter, for which SQLite would prepare it each time', async () => {
  const statements: string[] = [];
  const { store, close } = await openDatabase(':memory:', {
    wrapClient: (client) => ({
      ...client,
      query(sql, ...rest) {
        statements.push(sql);
        return client.query(sql, ...rest);
      },
    }),
  });
  await store.list({ limit: 1 });
  await store.list({ completed: true, limit: 2 });
  expect(statements).toHaveLength(2);
  for (const statement of statements) expect(statement).toMatch(/ limit \? \+ 0$/);
  await close();
});
