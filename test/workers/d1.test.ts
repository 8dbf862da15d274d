import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createD1TaskStore } from '../../src/database/d1/index.ts';
import { d1Migrations, toSql } from '../../src/database/d1/migrations.ts';
import { TaskLimitError, TaskStoreUnavailableError } from '../../src/tasks/index.ts';
import { testTaskStore } from '../contracts/task-store.ts';
import { root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { type StartedWorker, startWorker } from '../support/start-worker.ts';

const folder = 'src/database/d1/migrations';
let worker: StartedWorker;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());

testTaskStore('createD1TaskStore() on the D1 of workerd', async () => {
  const { database } = worker;
  await database.batch([
    database.prepare('DELETE FROM tasks'),
    database.prepare('DELETE FROM removed_tasks'),
  ]);
  return { store: createD1TaskStore(database), addMany, close: async () => {} };
});

async function addMany(count: number, completed: boolean): Promise<void> {
  await worker.database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
      INSERT INTO tasks (title, completed, created_at, position)
      SELECT 'task', ?, unixepoch() * 1000, unixepoch() * 1000 FROM numbers`,
    )
    .bind(count, Number(completed))
    .run();
}

test('a full list refuses a task, by a trigger', async () => {
  const { database } = worker;
  await database.prepare('DELETE FROM tasks').run();
  await addMany(10_000, false);
  const store = createD1TaskStore(database);
  await expect(store.add({ title: 'milk' })).rejects.toBeInstanceOf(TaskLimitError);
  expect(await store.removeAll()).toBe(10_000);
});

test('the limit of the list reads few rows for a task, and counts as the table does', async () => {
  const { database } = worker;
  await database.prepare('DELETE FROM tasks').run();
  await addMany(1_000, false);
  const insert = `INSERT INTO tasks (title, completed, created_at) VALUES ('milk', 0, 0)`;
  const { meta } = await database.prepare(insert).run();
  expect(meta.rows_read).toBeLessThan(10);

  const store = createD1TaskStore(database);
  const { id } = await store.add({ title: 'milk' });
  await store.remove(id);
  await store.restore({ id });
  await database.batch([
    database.prepare('DELETE FROM tasks WHERE id % 2 = 0'),
    database
      .prepare('INSERT OR IGNORE INTO tasks (id, title, completed, created_at) VALUES (?, ?, 0, 0)')
      .bind(id, 'bread'),
  ]);
  const counted = await database.prepare('SELECT count(*) AS tasks FROM tasks').first();
  expect(await database.prepare('SELECT tasks FROM task_count').first()).toEqual(counted);
});

test('purgeRemoved() deletes what was removed more than a day ago', async () => {
  const { database } = worker;
  const store = createD1TaskStore(database);
  const [old, recent] = [await store.add({ title: 'milk' }), await store.add({ title: 'bread' })];
  await store.remove(old.id);
  await store.remove(recent.id);
  const yesterday = Date.now() - 25 * 60 * 60 * 1_000;
  await database
    .prepare('UPDATE removed_tasks SET removed_at = ? WHERE id = ?')
    .bind(yesterday, old.id)
    .run();
  await store.purgeRemoved();
  expect(await store.restore({ id: old.id })).toBe(0);
  expect(await store.restore({ id: recent.id })).toBe(1);
});

test('removing a task reads few rows, however many were removed before', async () => {
  const { database } = worker;
  await database.prepare('DELETE FROM tasks').run();
  await addMany(1_000, false);
  const { meta } = await database.prepare('DELETE FROM tasks').run();
  expect(meta.rows_read).toBeLessThan(10_000);
});

test('a missing database is unavailable, and reported once', async () => {
  const messages: string[] = [];
  const store = createD1TaskStore(undefined, { notify: (message) => messages.push(message) });
  await expect(store.list()).rejects.toBeInstanceOf(TaskStoreUnavailableError);
  await expect(store.count()).rejects.toBeInstanceOf(TaskStoreUnavailableError);
  expect(messages).toEqual([
    'No D1 database is bound. Bind one as DB in the Wrangler configuration.',
  ]);
});

test('a database without tables is unavailable, and the message contains the command', async () => {
  const refusal = new Error('D1_ERROR: no such table: tasks: SQLITE_ERROR');
  const statement = { bind: () => statement, raw: () => Promise.reject(refusal) };
  const error = await createD1TaskStore({ prepare: () => statement, batch: statement.raw })
    .list()
    .catch((error) => error);
  expect(error).toBeInstanceOf(TaskStoreUnavailableError);
  expect(error.message).toContain('npx wrangler d1 migrations apply DB');
});

test('the migrations of Wrangler are up to date (npm run migrations)', () => {
  const migrations = d1Migrations();
  expect(readdirSync(join(root, folder)).sort()).toEqual(migrations.map(({ name }) => name));
  for (const migration of migrations) {
    expect(readRepositoryFile(`${folder}/${migration.name}`)).toBe(toSql(migration));
  }
});
