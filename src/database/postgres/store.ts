import { and, asc, count, desc, eq, getTableName, ne, or, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pg-proxy';
import { TaskLimitError, type TaskRange, type TaskStore } from '../../tasks/index.ts';
import { countInChunks } from '../count-in-chunks.ts';
import { moveTask } from '../move-task.ts';
import type { SqlClient } from '../sql-client.ts';
import { withStoreErrors } from '../with-store-errors.ts';
import type { AvailabilityClient } from './availability.ts';
import { addTask, completeTasks, removeTask, removeTasks, restoreTasks } from './changes.ts';
import { postgresTasks as tasks } from './schema.ts';

/** The position before all tasks. */
const START = { order: Number.MIN_SAFE_INTEGER, id: 0 };

/**
 * Creates a store of tasks in a migrated PostgreSQL database. The caller closes the client.
 *
 * A change to one task is one statement, which locks that task only. Whatever reads or changes several
 * tasks to change them runs in a transaction of the client. Those run one after another, so they see each
 * other's results and cannot deadlock.
 *
 * @param maxTasks maximum number of tasks; 0 = unlimited
 */
export function createPostgresTaskStore(client: AvailabilityClient, maxTasks: number): TaskStore {
  const statements = prepareStatements(client);

  return {
    async list({ completed, after = START, before, limit }: TaskRange = {}) {
      const { order, id } = before ?? after;
      const range = { order, id, limit: limit ?? null };
      const { all, ofState } = before ? statements.selectBefore : statements.selectAfter;
      const found = await withStoreErrors(
        completed === undefined
          ? all.execute(range)
          : ofState.execute({ ...range, completed: Number(completed) }),
      );
      return before ? found.reverse() : found;
    },
    async count() {
      const rows = await withStoreErrors(statements.selectCounts.execute());
      const of = (state: boolean) => rows.find((row) => row.completed === state)?.count ?? 0;
      return { active: of(false), completed: of(true) };
    },
    async get(id) {
      const [task] = await withStoreErrors(statements.selectOne.execute({ id }));
      return task;
    },
    async add(task) {
      const added = await withStoreErrors(addTask(client, task, maxTasks));
      if (added === undefined) throw new TaskLimitError();
      return added;
    },
    async update(id, { title = null, completed, order = null }, version) {
      const [task] = await withStoreErrors(
        statements.updateOne.execute({
          id,
          version: version ?? null,
          title,
          completed: completed === undefined ? null : Number(completed),
          order,
        }),
      );
      return task;
    },
    async move(id, after) {
      // A task is in its place after itself.
      if (after === id) return (await withStoreErrors(statements.selectOne.execute({ id })))[0];
      return await withStoreErrors(
        client.transaction((transaction) => moveTask('postgresql', transaction, id, after)),
      );
    },
    completeAll: (completed) =>
      countInChunks((after) =>
        client.transaction((transaction) => completeTasks(transaction, completed, after)),
      ),
    async remove(id, version) {
      return (await withStoreErrors(removeTask(client, id, version ?? null))).length > 0;
    },
    removeAll: ({ completed } = {}) =>
      countInChunks((after) =>
        client.transaction((transaction) => removeTasks(transaction, completed, after)),
      ),
    restore: (removed) =>
      countInChunks((after) =>
        client.transaction((transaction) => restoreTasks(transaction, removed, maxTasks, after)),
      ),
    async ping() {
      await withStoreErrors(client.ping());
    },
  };
}

/** Prepares statements once: building the SQL per call costs as much as all the tracing. */
function prepareStatements(client: SqlClient) {
  function on(name: string) {
    const operation = { name, collection: getTableName(tasks) };
    return drizzle(async (text, params) => ({
      rows: await client.query(text, params, operation),
    }));
  }

  const given = sql.placeholder;
  const isOfState = eq(tasks.completed, given('completed'));
  const hasId = eq(tasks.id, given('id'));
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
    return on('SELECT')
      .select()
      .from(tasks)
      .where(and(filter, sql`${position} ${sql.raw(side)} (${given('order')}, ${given('id')})`))
      .orderBy(direction(tasks.order), direction(tasks.id))
      .limit(given('limit'))
      .prepare('select_range');
  };

  // The driver names prepared statements itself.
  return {
    selectAfter: { all: selectRange('>'), ofState: selectRange('>', isOfState) },
    selectBefore: { all: selectRange('<'), ofState: selectRange('<', isOfState) },
    selectCounts: on('SELECT')
      .select({ completed: tasks.completed, count: count() })
      .from(tasks)
      .groupBy(tasks.completed)
      .prepare('select_counts'),
    selectOne: on('SELECT').select().from(tasks).where(hasId).prepare('select_one'),
    updateOne: on('UPDATE')
      .update(tasks)
      .set({ title, completed, order, version: sql`${tasks.version} + (${changes})::integer` })
      .where(and(hasId, eq(tasks.version, sql`coalesce(${given('version')}, ${tasks.version})`)))
      .returning()
      .prepare('update_one'),
  };
}
