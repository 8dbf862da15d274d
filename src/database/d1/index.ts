import type { TaskStore } from '../../tasks/index.ts';
import { MOVE_STATEMENTS, toTask } from '../move-task.ts';
import type { SqlClient } from '../sql-client.ts';
import { createStoreWithMove } from '../sqlite/store.ts';
import { BATCH_SEPARATOR, createD1Client, type D1Binding, type D1Client } from './client.ts';

export type { D1Binding };

/** Time for which a removed task can be restored. */
const RESTORE_MS = 24 * 60 * 60 * 1_000;

/** Options of `createD1TaskStore()`. */
export interface D1TaskStoreOptions {
  /** Wraps the client, for example to trace it. */
  readonly wrap?: ((client: D1Client) => Pick<SqlClient, 'query'>) | undefined;
  /** Receives each reason why the database is unavailable, once. @default ignores it */
  readonly notify?: ((message: string) => void) | undefined;
}

/** A store whose removed tasks stay in the database. */
export interface D1TaskStore extends TaskStore {
  /** Deletes what was removed more than a day ago, which can then not be restored. */
  purgeRemoved(): Promise<void>;
}

/**
 * Creates the store of tasks in a D1 database that wrangler has migrated. Nothing is opened or read.
 *
 * D1 is SQLite, and the store of SQLite uses single statements, except to move a task: that takes a batch.
 * @param binding without it, all methods reject with a `TaskStoreUnavailableError`
 */
export function createD1TaskStore(
  binding: D1Binding | undefined,
  { wrap = (client) => client, notify = () => {} }: D1TaskStoreOptions = {},
): D1TaskStore {
  const client = wrap(createD1Client(binding, notify));
  const { move, makeRoom } = MOVE_STATEMENTS.sqlite;

  const store = createStoreWithMove(client, async (id, after) => {
    const run = (sql: string) =>
      client.query(sql, [id, after, Date.now()], { name: 'UPDATE', collection: 'tasks' });
    const [row] = await run(move);
    if (row) return toTask(row);
    // Without room, or without the task. In the second case this changes nothing either.
    const [moved] = await run(makeRoom + BATCH_SEPARATOR + move);
    return moved && toTask(moved);
  });
  return {
    ...store,
    async purgeRemoved() {
      await client.query(
        'DELETE FROM removed_tasks WHERE removed_at < ?',
        [Date.now() - RESTORE_MS],
        { name: 'DELETE', collection: 'removed_tasks' },
      );
    },
  };
}
