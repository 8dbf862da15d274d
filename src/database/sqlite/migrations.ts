import { DatabaseOpenError } from '../database-open-error.ts';
import type { SqlClient } from '../sql-client.ts';

/**
 * How an empty database became today's, step by step, one statement a string. A step that was
 * released is never changed: add another. `sqlite-schema.ts` is where the steps lead.
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE tasks (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title TEXT NOT NULL,
      completed INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`,
  ],
  [
    // The defaults are for the rows of before; the program names a value for each.
    'ALTER TABLE tasks ADD COLUMN position INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE tasks ADD COLUMN version INTEGER NOT NULL DEFAULT 1',
    'UPDATE tasks SET position = created_at',
    'CREATE INDEX tasks_by_position ON tasks (position, id)',
    'CREATE INDEX tasks_by_completed ON tasks (completed, position, id)',
  ],
];

/**
 * Makes SQLite ignore a new task when there are `maxTasks`. The trigger is the connection's own: a
 * setting of the program, not a part of the database.
 */
export async function limitTasks(client: SqlClient, maxTasks: number): Promise<void> {
  await client.query(
    `CREATE TEMP TRIGGER tasks_limit BEFORE INSERT ON main.tasks
      WHEN (SELECT count(*) FROM tasks) >= ${maxTasks}
      BEGIN SELECT RAISE(IGNORE); END`,
    [],
  );
}

/**
 * Takes the steps that a database lacks, all or none; `PRAGMA user_version` counts those it has.
 *
 * Any number of processes may do this at once: the transaction makes the later ones wait and find
 * the work done.
 *
 * @throws DatabaseOpenError when the database has more steps than this program knows
 */
export async function migrateSqlite(
  client: SqlClient,
  migrations: readonly (readonly string[])[] = MIGRATIONS,
): Promise<void> {
  await client.transaction(async (transaction) => {
    const [row] = await transaction.query('PRAGMA user_version', []);
    const version = Number(row?.[0]);
    if (version > migrations.length) {
      throw new DatabaseOpenError(
        `Its schema has version ${version}, and this program knows no version above ` +
          `${migrations.length}. Start a newer program, or name another database.`,
      );
    }
    for (const statement of migrations.slice(version).flat())
      await transaction.query(statement, []);
    // Written even when nothing changed: a file that cannot be written is found now, not later.
    await transaction.query(`PRAGMA user_version = ${migrations.length}`, []);
  });
}
