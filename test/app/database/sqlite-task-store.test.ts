import { expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { TaskLimitError } from '../../../src/tasks/task-store.ts';
import { testTaskStore } from '../../contracts/task-store.ts';
import { postForm } from '../../support/post-form.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

testTaskStore('createSqliteTaskStore() on a file', () =>
  openDatabase(`file:${temporary.newPath()}`),
);
testTaskStore('createSqliteTaskStore() in memory', () => openDatabase(':memory:'));

test('openDatabase() lets a list hold as many tasks as it may, for every connection', async () => {
  const url = `file:${temporary.newPath()}`;
  const first = await openDatabase(url, undefined, 3);
  const second = await openDatabase(url, undefined, 3);
  const { id } = await first.store.add({ title: 'milk' });
  await second.store.add({ title: 'bread' });
  await first.store.add({ title: 'tea' });
  for (const { store } of [first, second]) {
    await expect(store.add({ title: 'rum' })).rejects.toBeInstanceOf(TaskLimitError);
    expect(await store.count()).toEqual({ active: 3, completed: 0 });
  }
  await first.store.update(id, { completed: true });
  await second.store.removeAll({ completed: true });
  await first.store.add({ title: 'rum' });
  await Promise.all([first.close(), second.close()]);
});

test('a full list answers 409, as a page and as a problem', async () => {
  const { store, close } = await openDatabase(':memory:', undefined, 1);
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
