import { DatabaseOpenError, type SqlClient } from '../sql-client.ts';

/**
 * The migrations in order, each a list of statements. Never change a released migration, add another.
 * Their result is `schema.ts`.
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
    // The defaults are for existing rows; the program sets every column.
    'ALTER TABLE tasks ADD COLUMN position INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE tasks ADD COLUMN version INTEGER NOT NULL DEFAULT 1',
    'UPDATE tasks SET position = created_at',
    'CREATE INDEX tasks_by_position ON tasks (position, id)',
    'CREATE INDEX tasks_by_completed ON tasks (completed, position, id)',
  ],
];

/**
 * Makes SQLite ignore a new task when there are `maxTasks`. The trigger is temporary, because the limit
 * is a setting of the program and not a part of the database.
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
 * Runs the missing migrations in one transaction; `PRAGMA user_version` is the number of those done.
 *
 * Several processes may do this at once: the transaction makes the later ones wait, and then they
 * find nothing to do.
 *
 * @throws DatabaseOpenError when the database has more migrations than this program
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
        `Its schema has version ${version}, and this program only supports versions up to ` +
          `${migrations.length}. Start a newer program, or use another database.`,
      );
    }
    for (const statement of migrations.slice(version).flat())
      await transaction.query(statement, []);
    // Always written, so that a read-only file is detected now and not at the first change.
    await transaction.query(`PRAGMA user_version = ${migrations.length}`, []);
  });
}
