import type { Task } from '../tasks/index.ts';
import type { SqlClient } from './sql-client.ts';

/** Distance that a moved task keeps from the next one if there is room, in ms as all positions. */
const STEP = 1_000;
const START = Number.MIN_SAFE_INTEGER;

/** The differences between the engines in the statements below. */
interface Dialect {
  /** Returns the integer parameter with a number. */
  readonly parameter: (number: 1 | 2 | 3) => string;
  /** Names of the functions that return the largest and the smallest of their arguments. */
  readonly max: string;
  readonly min: string;
}

/**
 * Returns the statements that move task 1 directly after task 2, or to the start if that is null. The
 * third parameter is the present.
 */
function moveStatements({ parameter, max, min }: Dialect) {
  const [task, other, now] = [parameter(1), parameter(2), parameter(3)];

  // `low` and `high` are the positions of the neighbors. At the end `high` is the present, so that new
  // tasks stay last, unless the neighbor is in the future.
  const place = `WITH moved AS (SELECT id, position FROM tasks WHERE id = ${task}),
  low AS (
    SELECT id, position FROM tasks WHERE id = ${other}
    UNION ALL SELECT 0, ${START} WHERE ${other} IS NULL
  ),
  next AS (
    SELECT id, position FROM tasks
    WHERE id <> ${task} AND (position, id) > (SELECT position, id FROM low)
    ORDER BY position, id LIMIT 1
  ),
  high AS (
    SELECT id, position FROM next
    UNION ALL SELECT ${Number.MAX_SAFE_INTEGER}, ${max}(moved.position, CASE
      WHEN low.position > ${now} THEN ${min}(low.position + ${2 * STEP}, ${Number.MAX_SAFE_INTEGER})
      ELSE ${now} END)
    FROM low, moved WHERE NOT EXISTS (SELECT 1 FROM next)
  )`;

  const isBetween = (position: string) =>
    `(${position}, moved.id) > (low.position, low.id) AND (${position}, moved.id) < (high.position, high.id)`;

  return {
    /** Moves the task, which stays where it is if that is its place. Does nothing if there is no room. */
    move: `${place},
  target AS (
    SELECT moved.id, CASE WHEN ${isBetween('moved.position')} THEN moved.position
      ELSE ${max}(low.position + (high.position - low.position) / 2, high.position - ${STEP})
      END AS position
    FROM moved, low, high
  )
  UPDATE tasks SET position = target.position,
    version = tasks.version + CAST(target.position <> tasks.position AS INTEGER)
  FROM target, moved, low, high WHERE tasks.id = target.id AND ${isBetween('target.position')}
  RETURNING tasks.id, title, completed, created_at, tasks.position, version`,

    /** Makes room by moving the tasks before the place back in time, as far as they are too close. */
    makeRoom: `${place},
  earlier AS (
    SELECT tasks.id, ${max}(${START}, high.position - ${STEP} * row_number() OVER (
      ORDER BY tasks.position DESC, tasks.id DESC)) AS position
    FROM tasks, moved, low, high
    WHERE tasks.id <> ${task} AND (tasks.position, tasks.id) <= (low.position, low.id)
  )
  UPDATE tasks SET position = earlier.position, version = version + 1
  FROM earlier WHERE tasks.id = earlier.id AND tasks.position > earlier.position
  RETURNING tasks.id`,
  };
}

/** The statements by engine. Their parameters are the task, the task before its place, and the present. */
export const MOVE_STATEMENTS = {
  sqlite: moveStatements({
    parameter: (number) => `CAST(?${number} AS INTEGER)`,
    max: 'max',
    min: 'min',
  }),
  postgresql: moveStatements({
    parameter: (number) => `CAST($${number} AS BIGINT)`,
    max: 'greatest',
    min: 'least',
  }),
};

/**
 * Implements `TaskStore.move()` with one statement, or three if it has to make room.
 * @param client a transaction, so that no other move comes in between
 */
export async function moveTask(
  system: keyof typeof MOVE_STATEMENTS,
  client: Pick<SqlClient, 'query'>,
  id: number,
  after: number | null,
): Promise<Task | undefined> {
  const { move, makeRoom } = MOVE_STATEMENTS[system];
  const run = (statement: string) =>
    client.query(statement, [id, after, Date.now()], { name: 'UPDATE', collection: 'tasks' });
  let [row] = await run(move);
  if (!row && (await run(makeRoom)).length > 0) [row] = await run(move);
  return row && toTask(row);
}

/** Returns the task in a row of all columns, in the order of `moveTask()`'s statements. */
export function toTask([id, title, completed, createdAt, order, version]: unknown[]): Task {
  return {
    id: Number(id),
    title: String(title),
    completed: Boolean(completed),
    order: Number(order),
    createdAt: new Date(Number(createdAt)),
    version: Number(version),
  };
}
