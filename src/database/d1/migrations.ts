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

/** Returns the migrations of a D1 database. Never change a released one, add another. */
export function d1Migrations(): D1Migration[] {
  // The last one follows the migrations that existed when it was made.
  const statements = [...MIGRATIONS.slice(0, 2), PER_CONNECTION, ...MIGRATIONS.slice(2)];
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
