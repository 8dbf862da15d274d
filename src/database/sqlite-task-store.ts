import { asc, count, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import type { TaskStore } from '../tasks/task-store.ts';
import type { SqlClient } from './sql-client.ts';
import { tasks } from './sqlite-schema.ts';
import { toTaskStoreError } from './task-store-error.ts';

/** Keeps tasks in a migrated SQLite database. Closing the client is its owner's business. */
export function createSqliteTaskStore(client: SqlClient): TaskStore {
  const database = drizzle(async (text, params, method) => {
    const rows = await client.query(text, params);
    // For `get` Drizzle wants the row itself, or undefined, which its types leave out.
    return { rows: method === 'get' ? (rows[0] as unknown[]) : rows };
  });

  // Prepared once: building the SQL for every call costs as much as all the tracing.
  const byId = eq(tasks.id, sql.placeholder('id'));
  const selectAll = database.select().from(tasks).orderBy(asc(tasks.id)).prepare();
  const selectCount = database.select({ count: count() }).from(tasks).prepare();
  const selectAny = database.select({ id: tasks.id }).from(tasks).limit(1).prepare();
  const insertOne = database
    .insert(tasks)
    .values({
      title: sql.placeholder('title'),
      completed: false,
      createdAt: sql.placeholder('createdAt'),
    })
    .returning()
    .prepare();
  const updateOne = database
    .update(tasks)
    .set({
      title: sql`coalesce(${sql.placeholder('title')}, ${tasks.title})`,
      completed: sql`coalesce(${sql.placeholder('completed')}, ${tasks.completed})`,
    })
    .where(byId)
    .returning()
    .prepare();
  const deleteOne = database.delete(tasks).where(byId).returning({ id: tasks.id }).prepare();

  return {
    list: () => settle(selectAll.all()),
    async count() {
      const row = await settle(selectCount.get());
      return row?.count ?? 0;
    },
    add: ({ title }) => settle(insertOne.get({ title, createdAt: new Date() })),
    update(id, { title = null, completed }) {
      const flag = completed === undefined ? null : Number(completed);
      return settle(updateOne.get({ id, title, completed: flag }));
    },
    async remove(id) {
      return (await settle(deleteOne.get({ id }))) !== undefined;
    },
    async ping() {
      await settle(selectAny.get());
    },
  };
}

async function settle<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw toTaskStoreError(error);
  }
}
