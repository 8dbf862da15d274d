import { and, asc, count, eq, getTableName, ne, or, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import type { TaskRange, TaskStore } from '../tasks/task-store.ts';
import type { SqlClient } from './sql-client.ts';
import { tasks } from './sqlite-schema.ts';
import { toTaskStoreError } from './task-store-error.ts';

/** Before the place of every task. */
const START = { order: Number.MIN_SAFE_INTEGER, id: 0 };
/** The LIMIT that is none. */
const UNLIMITED = -1;

/** Keeps tasks in a migrated SQLite database. Closing the client is its owner's business. */
export function createSqliteTaskStore(client: SqlClient): TaskStore {
  const statements = prepareStatements(client);

  return {
    list({ completed, after = START, limit = UNLIMITED }: TaskRange = {}) {
      const place = { afterOrder: after.order, afterId: after.id, limit };
      return settle(
        completed === undefined
          ? statements.selectAll.all(place)
          : statements.selectOfState.all({ ...place, completed: Number(completed) }),
      );
    },
    async count() {
      const rows = await settle(statements.selectCounts.all());
      const of = (state: boolean) => rows.find((row) => row.completed === state)?.count ?? 0;
      return { active: of(false), completed: of(true) };
    },
    get: (id) => settle(statements.selectOne.get({ id })),
    add({ title, completed = false, order }) {
      const createdAt = new Date();
      return settle(
        statements.insertOne.get({
          title,
          completed: Number(completed),
          createdAt,
          order: order ?? createdAt.getTime(),
        }),
      );
    },
    update(id, { title = null, completed, order = null }, version) {
      return settle(
        statements.updateOne.get({
          id,
          version: version ?? null,
          title,
          completed: completed === undefined ? null : Number(completed),
          order,
        }),
      );
    },
    async completeAll(completed) {
      const rows = await settle(statements.updateAll.all({ completed: Number(completed) }));
      return rows.length;
    },
    async remove(id, version) {
      const row = await settle(statements.deleteOne.get({ id, version: version ?? null }));
      return row !== undefined;
    },
    async removeAll({ completed } = {}) {
      const rows = await settle(
        completed === undefined
          ? statements.deleteAll.all()
          : statements.deleteOfState.all({ completed: Number(completed) }),
      );
      return rows.length;
    },
    async ping() {
      await settle(statements.selectAny.get());
    },
  };
}

/** All that the store says, prepared once: building the SQL for every call costs as much as all the tracing. */
function prepareStatements(client: SqlClient) {
  function on(name: string) {
    const operation = { name, collection: getTableName(tasks) };
    return drizzle(async (text, params, method) => {
      const rows = await client.query(text, params, operation);
      // For `get` Drizzle wants the row itself, or undefined, which its types leave out.
      return { rows: method === 'get' ? (rows[0] as unknown[]) : rows };
    });
  }

  const given = sql.placeholder;
  const isOfState = eq(tasks.completed, given('completed'));
  const hasId = eq(tasks.id, given('id'));
  const isMeant = and(
    hasId,
    eq(tasks.version, sql`coalesce(${given('version')}, ${tasks.version})`),
  );

  const title = sql`coalesce(${given('title')}, ${tasks.title})`;
  const completed = sql`coalesce(${given('completed')}, ${tasks.completed})`;
  const order = sql`coalesce(${given('order')}, ${tasks.order})`;
  const changes = or(
    ne(tasks.title, title),
    ne(tasks.completed, completed),
    ne(tasks.order, order),
  );

  const selectRange = (filter?: SQL) => {
    const place = sql`(${tasks.order}, ${tasks.id})`;
    return on('SELECT')
      .select()
      .from(tasks)
      .where(and(filter, sql`${place} > (${given('afterOrder')}, ${given('afterId')})`))
      .orderBy(asc(tasks.order), asc(tasks.id))
      .limit(given('limit'))
      .prepare();
  };
  const deleteWhere = (filter?: SQL) =>
    on('DELETE').delete(tasks).where(filter).returning({ id: tasks.id }).prepare();

  return {
    selectAll: selectRange(),
    selectOfState: selectRange(isOfState),
    selectCounts: on('SELECT')
      .select({ completed: tasks.completed, count: count() })
      .from(tasks)
      .groupBy(tasks.completed)
      .prepare(),
    selectOne: on('SELECT').select().from(tasks).where(hasId).prepare(),
    selectAny: on('SELECT').select({ id: tasks.id }).from(tasks).limit(1).prepare(),
    insertOne: on('INSERT')
      .insert(tasks)
      .values({
        title: given('title'),
        completed: sql`${given('completed')}`,
        createdAt: given('createdAt'),
        order: given('order'),
        version: 1,
      })
      .returning()
      .prepare(),
    updateOne: on('UPDATE')
      .update(tasks)
      .set({ title, completed, order, version: sql`${tasks.version} + (${changes})` })
      .where(isMeant)
      .returning()
      .prepare(),
    updateAll: on('UPDATE')
      .update(tasks)
      .set({ completed: sql`${given('completed')}`, version: sql`${tasks.version} + 1` })
      .where(sql`${tasks.completed} <> ${given('completed')}`)
      .returning({ id: tasks.id })
      .prepare(),
    deleteOne: deleteWhere(isMeant),
    deleteOfState: deleteWhere(isOfState),
    deleteAll: deleteWhere(),
  };
}

async function settle<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw toTaskStoreError(error);
  }
}
