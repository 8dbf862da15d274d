import type { Database, DatabaseOptions } from './database.ts';
import { parseDatabaseUrl } from './parse-database-url.ts';
import { openSqliteDatabase } from './sqlite/index.ts';

/**
 * Opens the database at a URL and migrates its schema.
 *
 * @param url `file:tasks.db`, `file:/abs/tasks.db`, `:memory:` or `postgres://user:password@host/database`
 * @throws DatabaseOpenError
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const location = parseDatabaseUrl(url, options.variables);
  // Each engine has its own client, migrations and store.
  switch (location.system) {
    case 'sqlite':
      return openSqliteDatabase(location, options);
    case 'postgresql': {
      const { openPostgresDatabase } = await import('./postgres/index.ts');
      return openPostgresDatabase(location, options);
    }
  }
}
