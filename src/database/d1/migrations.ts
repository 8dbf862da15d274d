import { MIGRATIONS, REMOVED_TASKS_COLUMNS, rememberRemovedTask } from '../sqlite/migrations.ts';

/** A file of `wrangler d1 migrations apply`. */
export interface D1Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** Maximum number of tasks. A trigger of the schema, since D1 has no connection that could have its own. */
const MAX_TASKS = 10_000;

/** Tables and triggers that other databases create for each connection. */
const PER_CONNECTION: readonly string[] = [
  `CREATE TABLE removed_tasks (${REMOVED_TASKS_COLUMNS}) STRICT`,
  `CREATE TRIGGER tasks_removed AFTER DELETE ON tasks BEGIN
      ${rememberRemovedTask()}
      END`,
  `CREATE TRIGGER tasks_limit BEFORE INSERT ON tasks
      WHEN (SELECT count(*) FROM tasks) >= ${MAX_TASKS}
      BEGIN SELECT RAISE(IGNORE); END`,
];

/**
 * Keeps the number of tasks in a row of its own. To count them for each new task reads the whole table, and D1 charges
 * for each row.
 */
const COUNTED: readonly string[] = [
  'CREATE TABLE task_count (id INTEGER PRIMARY KEY, tasks INTEGER NOT NULL) STRICT',
  'INSERT INTO task_count (id, tasks) SELECT 1, count(*) FROM tasks',
  'DROP TRIGGER tasks_limit',
  `CREATE TRIGGER tasks_limit BEFORE INSERT ON tasks
      WHEN (SELECT tasks FROM task_count WHERE id = 1) >= ${MAX_TASKS}
      BEGIN SELECT RAISE(IGNORE); END`,
  `CREATE TRIGGER tasks_inserted AFTER INSERT ON tasks BEGIN
      UPDATE task_count SET tasks = tasks + 1 WHERE id = 1;
      END`,
  `CREATE TRIGGER tasks_deleted AFTER DELETE ON tasks BEGIN
      UPDATE task_count SET tasks = tasks - 1 WHERE id = 1;
      END`,
];

/** Returns the migrations of a D1 database. Never change a released one, add another. */
export function d1Migrations(): D1Migration[] {
  // Those of D1 follow the migrations that existed when they were made.
  const own = [PER_CONNECTION, COUNTED];
  const statements = [...MIGRATIONS.slice(0, 2), ...own, ...MIGRATIONS.slice(2)];
  return statements.map((each, index) => ({
    name: `${String(index + 1).padStart(4, '0')}.sql`,
    statements: each,
  }));
}

/** Returns the content of a migration's file. */
export function toSql({ statements }: D1Migration): string {
  const header = '-- Written by `npm run migrations`. Do not edit.';
  return `${header}\n${statements.map((statement) => `${statement};\n`).join('')}`;
}
