import {
  type PostgresLocation,
  type PostgresVariables,
  parsePostgresUrl,
} from './parse-postgres-url.ts';
import { percentDecode } from './percent-decode.ts';
import { DatabaseUrlError } from './sql-client.ts';

/** The location of a SQLite database. */
export interface SqliteLocation {
  readonly system: 'sqlite';
  /** A file, relative to the working directory or absolute; or `:memory:`. */
  readonly path: string;
}

const FIX =
  'Use file:tasks.db, file:/var/lib/todo/tasks.db, :memory: or postgres://user:password@host/database';

/**
 * Parses `file:tasks.db`, `file:/abs/tasks.db`, `file:///abs/tasks.db`, `file:///C:/tasks.db`,
 * `:memory:`, `file::memory:`, `postgres://…`, `postgresql://…`.
 * A path is percent-decoded, as in any URL; parameters of a file (`?mode=ro`) are not supported.
 *
 * @param variables the environment, for the `PG*` variables
 * @throws DatabaseUrlError which never quotes a possible password
 */
export function parseDatabaseUrl(
  url: string,
  variables?: PostgresVariables,
): SqliteLocation | PostgresLocation {
  if (url === ':memory:') return { system: 'sqlite', path: url };
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase();
  if (scheme === undefined) {
    const found = /[@?#]/.test(url) ? 'The database URL' : `The database URL "${url}"`;
    throw new DatabaseUrlError(`${found} has no scheme. ${FIX}.`);
  }
  if (scheme === 'file:') return { system: 'sqlite', path: parseFilePath(url.slice(5)) };
  if (/^postgres(?:ql)?:\/\//i.test(url)) return parsePostgresUrl(url, variables);
  throw new DatabaseUrlError(`The database scheme ${scheme} is not supported. ${FIX}.`);
}

function parseFilePath(rest: string): string {
  if (/[?#]/.test(rest)) {
    throw new DatabaseUrlError(
      'The database URL has parameters, which are not supported. Remove what follows ? or #, ' +
        'or write %3F and %23 where they belong to the name of the file.',
    );
  }
  // A URL has a slash before a Windows drive, a path does not.
  const path = (rest.startsWith('///') ? rest.slice(2) : rest).replace(/^\/(?=[a-z]:\/)/i, '');
  if (path === '' || path.startsWith('//')) {
    throw new DatabaseUrlError(`The database URL does not name a file on this machine. ${FIX}.`);
  }
  return percentDecode(path);
}
