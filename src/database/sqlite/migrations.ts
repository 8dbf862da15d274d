import { DatabaseOpenError, type SqlClient } from '../sql-client.ts';

/**
 * The migrations in order, each a list of statements. Never change a released migration, add another.
 * Their result is `schema.ts`.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
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

/** Identifies a database of this program: "todo" in ASCII. */
const APPLICATION_ID = 0x746f646f;

/** Columns of `tasks` after the first migration, which did not set the application ID. */
const FIRST_COLUMNS = ['id', 'title', 'completed', 'created_at'];

/**
 * Refuses the database of another program, which migrations would damage.
 * @see https://www.sqlite.org/pragma.html#pragma_application_id
 * @throws DatabaseOpenError
 */
export async function refuseForeignFile(client: Pick<SqlClient, 'query'>): Promise<void> {
  const [[id] = []] = await client.query('PRAGMA application_id', []);
  if (id === APPLICATION_ID) return;
  const rows = await client.query(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'",
    [],
  );
  const tables = rows.map(([name]) => JSON.stringify(name));
  const columns = await client.query("SELECT name FROM pragma_table_info('tasks')", []);
  const names = new Set(columns.map(([name]) => name));
  const isOlder = tables.length === 1 && FIRST_COLUMNS.every((name) => names.has(name));
  if (id === 0 && (tables.length === 0 || isOlder)) return;
  const found =
    tables.length > 0
      ? `the tables ${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ', …' : ''}`
      : `the application ID ${id}`;
  throw new DatabaseOpenError(
    `It belongs to another program: it has ${found}. Use another file, or a new one.`,
  );
}

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

/** Number of removed tasks that can be restored. */
const MAX_REMOVED = 10_000;

export const REMOVED_TASKS_COLUMNS = `
      number INTEGER PRIMARY KEY,
      id INTEGER NOT NULL UNIQUE,
      title TEXT NOT NULL,
      completed INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      position INTEGER NOT NULL,
      version INTEGER NOT NULL,
      removed_at INTEGER NOT NULL
    `;

/** Returns the statements of a trigger that keeps a removed task, and drops the oldest ones. */
export function rememberRemovedTask(): string {
  return `INSERT OR REPLACE INTO removed_tasks
        (id, title, completed, created_at, position, version, removed_at)
        VALUES (old.id, old.title, old.completed, old.created_at, old.position, old.version,
          CAST(round(unixepoch('subsec') * 1000) AS INTEGER));
      DELETE FROM removed_tasks
        WHERE number <= (SELECT max(number) FROM removed_tasks) - ${MAX_REMOVED};`;
}

/**
 * Makes SQLite keep removed tasks for `TaskStore.restore()`. They are temporary and in memory: the file
 * of the database contains no deleted titles.
 */
export async function keepRemovedTasks(client: SqlClient): Promise<void> {
  for (const statement of [
    'PRAGMA temp_store = MEMORY',
    `CREATE TEMP TABLE removed_tasks (${REMOVED_TASKS_COLUMNS}) STRICT`,
    `CREATE TEMP TRIGGER tasks_removed AFTER DELETE ON main.tasks BEGIN
      ${rememberRemovedTask()}
      END`,
  ]) {
    await client.query(statement, []);
  }
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
    await transaction.query(`PRAGMA application_id = ${APPLICATION_ID}`, []);
  });
}
