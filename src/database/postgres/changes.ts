import type { NewTask, RemovedTasks, Task } from '../../tasks/index.ts';
import { CHUNK_SIZE } from '../count-in-chunks.ts';
import { toTask } from '../move-task.ts';
import type { SqlClient } from '../sql-client.ts';

/** A client, or one of its transactions. */
type Queryable = Pick<SqlClient, 'query'>;

const VALUES = 'title, completed, created_at, position';
/** Number of removed tasks that can be restored. */
const MAX_REMOVED = 10_000;
/** Time after which the next removal erases a removed task. */
const REMOVED_LIFETIME_MS = 3_600_000;

/**
 * Adds a task.
 * @param maxTasks maximum number of tasks; 0 = unlimited
 * @returns undefined if there is no room
 */
export async function addTask(
  client: Queryable,
  { title, completed = false, order }: NewTask,
  maxTasks: number,
): Promise<Task | undefined> {
  const createdAt = Date.now();
  const params = [title, Number(completed), createdAt, order ?? createdAt];
  const insert = `INSERT INTO tasks (${VALUES}, version)
    SELECT $1::text, $2::boolean, $3::bigint, $4::bigint, 1`;
  const insertIf = (condition: string, ...more: number[]) =>
    run(client, 'INSERT', `${insert} ${condition} RETURNING id, ${VALUES}, version`, [
      ...params,
      ...more,
    ]);
  if (maxTasks === 0) return first(await insertIf(''));
  const hasRoom = 'WHERE tasks_room($5, $6::boolean) > 0';
  // Additions far from the maximum are concurrent. Those near it wait for all others, one after another.
  const [row] = await insertIf(hasRoom, maxTasks, 0);
  return first(row ? [row] : await insertIf(hasRoom, maxTasks, 1));
}

/** Completes or reopens the next tasks by id. @returns their ids */
export function completeTasks(client: Queryable, completed: boolean, after: number) {
  return changeTasks(
    client,
    'UPDATE',
    `UPDATE tasks SET completed = $1::boolean, version = version + 1
      WHERE ${isInChunk('$2', 'completed <> $1::boolean')} RETURNING id`,
    [Number(completed), after],
  );
}

/** Removes one task, if it has the version. @returns its id */
export function removeTask(client: Queryable, id: number, version: number | null) {
  const condition = 'id = $2 AND version = coalesce($3, version)';
  return changeTasks(client, 'DELETE', removeWhere(condition), [Date.now(), id, version]);
}

/** Removes the next tasks by id, or those of one state. @returns their ids */
export function removeTasks(client: Queryable, completed: boolean | undefined, after: number) {
  const params = [Date.now(), after];
  if (completed === undefined) {
    return changeTasks(client, 'DELETE', removeWhere(isInChunk('$2')), params);
  }
  const condition = isInChunk('$2', 'completed = $3::boolean');
  return changeTasks(client, 'DELETE', removeWhere(condition), [...params, Number(completed)]);
}

/**
 * Adds the next removed tasks back, as far as there is room. The version increases, so that an older
 * `ETag` does not match.
 * @returns their ids
 */
export function restoreTasks(
  client: Queryable,
  removed: RemovedTasks,
  maxTasks: number,
  after: number,
) {
  const [condition, values] =
    'id' in removed
      ? ['id = $2', [removed.id]]
      : ['completed AND removed_at BETWEEN $2 AND $3', [removed.from, removed.to]];
  const room = maxTasks > 0 ? `greatest(0, tasks_room(${maxTasks}, true))` : 'NULL';
  return changeTasks(
    client,
    'INSERT',
    `WITH restored AS (
      DELETE FROM removed_tasks WHERE number IN (
        SELECT number FROM removed_tasks WHERE id > $1 AND ${condition} AND NOT ${isOutdated}
        ORDER BY id LIMIT least(${CHUNK_SIZE}, ${room}))
      RETURNING *
    )
    INSERT INTO tasks (id, ${VALUES}, version) SELECT id, ${VALUES}, version + 1 FROM restored
    RETURNING id`,
    [after, ...values],
  );
}

/** Erases removed tasks whose lifetime has ended. */
export async function eraseRemovedTasks({ query }: Queryable): Promise<void> {
  await query('DELETE FROM removed_tasks WHERE removed_at < $1', [
    Date.now() - REMOVED_LIFETIME_MS,
  ]);
}

const isOutdated = `number <= (SELECT max(number) FROM removed_tasks) - ${MAX_REMOVED}`;

/**
 * Moves tasks to `removed_tasks`, and erases what has been there for too long. The first parameter is the
 * present: the clock of the program, which also measures the period of `restore()`.
 */
function removeWhere(condition: string): string {
  return `WITH removed AS (DELETE FROM tasks WHERE ${condition} RETURNING *),
    kept AS (
      INSERT INTO removed_tasks (removed_at, id, ${VALUES}, version)
      SELECT $1::bigint, id, ${VALUES}, version FROM removed
    ),
    erased AS (
      DELETE FROM removed_tasks WHERE number IN (
        SELECT number FROM removed_tasks
        WHERE removed_at < $1::bigint - ${REMOVED_LIFETIME_MS} OR ${isOutdated}
        FOR UPDATE SKIP LOCKED)
    )
    SELECT id FROM removed`;
}

/**
 * Returns a condition on the next tasks by id, which it locks. Without the lock, a task that another client
 * changes meanwhile would make the chunk smaller, so that it looks like the last one.
 */
function isInChunk(after: string, filter = 'true'): string {
  return `id = ANY (ARRAY(SELECT id FROM tasks WHERE id > ${after} AND ${filter}
    ORDER BY id LIMIT ${CHUNK_SIZE} FOR UPDATE))`;
}

function run(client: Queryable, name: string, statement: string, params: readonly unknown[]) {
  return client.query(statement, params, { name, collection: 'tasks' });
}

async function changeTasks(...statement: Parameters<typeof run>): Promise<{ id: number }[]> {
  return (await run(...statement)).map(([id]) => ({ id: Number(id) }));
}

function first([row]: unknown[][]): Task | undefined {
  return row && toTask(row);
}
