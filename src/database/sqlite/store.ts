import { and, asc, count, eq, getTableName, gt, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import { TaskLimitError, type TaskRange, type TaskStore } from '../../tasks/index.ts';
import type { SqlClient } from '../sql-client.ts';
import { toTaskStoreError } from '../task-store-error.ts';
import { tasks } from './schema.ts';

/** The position before all tasks. */
const START = { order: Number.MIN_SAFE_INTEGER, id: 0 };
/** SQLite's LIMIT without effect. */
const UNLIMITED = -1;
/** Maximum number of tasks per statement: SQLite blocks the event loop for about 5 us per task. */
const CHUNK_SIZE = 1_000;

/** Creates a store of tasks in a migrated SQLite database. The caller closes the client. */
export function createSqliteTaskStore(client: SqlClient): TaskStore {
  const statements = prepareStatements(client);

  return {
    list({ completed, after = START, limit = UNLIMITED }: TaskRange = {}) {
      const range = { afterOrder: after.order, afterId: after.id, limit };
      return settle(
        completed === undefined
          ? statements.selectAll.all(range)
          : statements.selectOfState.all({ ...range, completed: Number(completed) }),
      );
    },
    async count() {
      const rows = await settle(statements.selectCounts.all());
      const of = (state: boolean) => rows.find((row) => row.completed === state)?.count ?? 0;
      return { active: of(false), completed: of(true) };
    },
    get: (id) => settle(statements.selectOne.get({ id })),
    async add({ title, completed = false, order }) {
      const createdAt = new Date();
      const task = await settle(
        statements.insertOne.get({
          title,
          completed: Number(completed),
          createdAt,
          order: order ?? createdAt.getTime(),
        }),
      );
      // Undefined if the trigger of `limitTasks()` ignored it, which Drizzle's types do not reflect.
      if ((task as typeof task | undefined) === undefined) throw new TaskLimitError();
      return task;
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
    completeAll(completed) {
      return countInChunks((after) =>
        statements.updateChunk.all({ completed: Number(completed), after }),
      );
    },
    async remove(id, version) {
      const row = await settle(statements.deleteOne.get({ id, version: version ?? null }));
      return row !== undefined;
    },
    removeAll({ completed } = {}) {
      return countInChunks((after) =>
        completed === undefined
          ? statements.deleteChunk.all({ after })
          : statements.deleteChunkOfState.all({ completed: Number(completed), after }),
      );
    },
    async ping() {
      await settle(statements.selectAny.get());
    },
  };
}

/** Prepares all statements once: building the SQL per call costs as much as all the tracing. */
function prepareStatements(client: SqlClient) {
  function on(name: string) {
    const operation = { name, collection: getTableName(tasks) };
    return drizzle(async (text, params, method) => {
      const rows = await client.query(text, params, operation);
      // For `get` Drizzle expects the row itself or undefined, which its types omit.
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
    const position = sql`(${tasks.order}, ${tasks.id})`;
    return on('SELECT')
      .select()
      .from(tasks)
      .where(and(filter, sql`${position} > (${given('afterOrder')}, ${given('afterId')})`))
      .orderBy(asc(tasks.order), asc(tasks.id))
      .limit(given('limit'))
      .prepare();
  };
  const deleteWhere = (filter?: SQL) =>
    on('DELETE').delete(tasks).where(filter).returning({ id: tasks.id }).prepare();
  const isInChunk = (filter?: SQL) => {
    const ids = on('SELECT').select({ id: tasks.id }).from(tasks);
    const isLeft = and(gt(tasks.id, given('after')), filter);
    return inArray(tasks.id, ids.where(isLeft).orderBy(asc(tasks.id)).limit(CHUNK_SIZE));
  };

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
    updateChunk: on('UPDATE')
      .update(tasks)
      .set({ completed: sql`${given('completed')}`, version: sql`${tasks.version} + 1` })
      .where(isInChunk(ne(tasks.completed, sql`${given('completed')}`)))
      .returning({ id: tasks.id })
      .prepare(),
    deleteOne: deleteWhere(isMeant),
    deleteChunk: deleteWhere(isInChunk()),
    deleteChunkOfState: deleteWhere(isInChunk(isOfState)),
  };
}

/**
 * Repeats a statement for the next tasks by id, and yields to other work in between. Each task is
 * visited once, so two callers that revert each other's changes terminate.
 * @returns the number of changed tasks
 */
async function countInChunks(
  change: (after: number) => Promise<{ readonly id: number }[]>,
): Promise<number> {
  let count = 0;
  for (let after = 0; ; ) {
    const changed = await settle(change(after));
    count += changed.length;
    if (changed.length < CHUNK_SIZE) return count;
    for (const { id } of changed) after = Math.max(after, id);
    await new Promise(setImmediate);
  }
}

/** Awaits a query, and throws the errors of a `TaskStore`. */
async function settle<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw toTaskStoreError(error);
  }
}
