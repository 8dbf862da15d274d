import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableName,
  gt,
  inArray,
  ne,
  or,
  type Placeholder,
  type SQL,
  sql,
} from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import {
  type RemovedTasks,
  TaskLimitError,
  type TaskRange,
  type TaskStore,
} from '../../tasks/index.ts';
import { CHUNK_SIZE, countInChunks } from '../count-in-chunks.ts';
import { moveTask } from '../move-task.ts';
import type { SqlClient } from '../sql-client.ts';
import { withStoreErrors } from '../with-store-errors.ts';
import { sqliteTasks as tasks } from './schema.ts';

/** Adds the next removed tasks back. The version increases, so that an older `ETag` does not match. */
function restoreWhere(condition: string): string {
  const columns = 'id, title, completed, created_at, position';
  return `INSERT INTO tasks (${columns}, version) SELECT ${columns}, version + 1 FROM removed_tasks
    WHERE id > ? AND ${condition} AND id NOT IN (SELECT id FROM tasks)
    ORDER BY id LIMIT ${CHUNK_SIZE} RETURNING id`;
}

/** The position before all tasks. */
const START = { order: Number.MIN_SAFE_INTEGER, id: 0 };
/** SQLite's LIMIT without effect. */
const UNLIMITED = -1;

/** Creates a store of tasks in a migrated SQLite database. The caller closes the client. */
export function createSqliteTaskStore(client: SqlClient): TaskStore {
  return createStoreWithMove(client, (id, after) =>
    client.transaction((transaction) => moveTask('sqlite', transaction, id, after)),
  );
}

/**
 * Creates the same store for a client without transactions.
 * @param move moves a task atomically
 */
export function createStoreWithMove(
  client: Pick<SqlClient, 'query'>,
  move: TaskStore['move'],
): TaskStore {
  const statements = prepareStatements(client);

  return {
    async list({ completed, after = START, before, limit = UNLIMITED }: TaskRange = {}) {
      const { order, id } = before ?? after;
      const range = { order, id, limit };
      const { all, ofState } = before ? statements.selectBefore : statements.selectAfter;
      const found = await withStoreErrors(
        completed === undefined
          ? all.all(range)
          : ofState.all({ ...range, completed: Number(completed) }),
      );
      return before ? found.reverse() : found;
    },
    async count() {
      const rows = await withStoreErrors(statements.selectCounts.all());
      const of = (state: boolean) => rows.find((row) => row.completed === state)?.count ?? 0;
      return { active: of(false), completed: of(true) };
    },
    get: (id) => withStoreErrors(statements.selectOne.get({ id })),
    async add({ title, completed = false, order }) {
      const createdAt = new Date();
      const task = await withStoreErrors(
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
      return withStoreErrors(
        statements.updateOne.get({
          id,
          version: version ?? null,
          title,
          completed: completed === undefined ? null : Number(completed),
          order,
        }),
      );
    },
    async move(id, after) {
      // A task is in its place after itself.
      return withStoreErrors(after === id ? statements.selectOne.get({ id }) : move(id, after));
    },
    completeAll(completed) {
      return countInChunks((after) =>
        statements.updateChunk.all({ completed: Number(completed), after }),
      );
    },
    async remove(id, version) {
      const row = await withStoreErrors(statements.deleteOne.get({ id, version: version ?? null }));
      return row !== undefined;
    },
    removeAll({ completed } = {}) {
      return countInChunks((after) =>
        completed === undefined
          ? statements.deleteChunk.all({ after })
          : statements.deleteChunkOfState.all({ completed: Number(completed), after }),
      );
    },
    restore(removed: RemovedTasks) {
      const [condition, values] =
        'id' in removed
          ? ['id = ?', [removed.id]]
          : ['completed AND removed_at BETWEEN ? AND ?', [removed.from, removed.to]];
      const operation = { name: 'INSERT', collection: getTableName(tasks) };
      return countInChunks(async (after) => {
        const rows = await client.query(restoreWhere(condition), [after, ...values], operation);
        return rows.map(([id]) => ({ id: Number(id) }));
      });
    },
    async ping() {
      await withStoreErrors(statements.selectAny.get());
    },
  };
}

/** Prepares all statements once: building the SQL per call costs as much as all the tracing. */
function prepareStatements(client: Pick<SqlClient, 'query'>) {
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

  const selectRange = (side: '>' | '<', filter?: SQL) => {
    const direction = side === '>' ? asc : desc;
    const position = sql`(${tasks.order}, ${tasks.id})`;
    // An expression, because SQLite prepares a statement again each time that it binds a bare `limit ?`.
    const limit: unknown = sql`${given('limit')} + 0`;
    return on('SELECT')
      .select()
      .from(tasks)
      .where(and(filter, sql`${position} ${sql.raw(side)} (${given('order')}, ${given('id')})`))
      .orderBy(direction(tasks.order), direction(tasks.id))
      .limit(limit as Placeholder)
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
    selectAfter: { all: selectRange('>'), ofState: selectRange('>', isOfState) },
    selectBefore: { all: selectRange('<'), ofState: selectRange('<', isOfState) },
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
