import { DatabaseOpenError } from './sql-client.ts';

/** The location of a database. */
export interface DatabaseLocation {
  readonly system: 'sqlite';
  /** A file, relative to the working directory or absolute; or `:memory:`. */
  readonly path: string;
}

const FIX = 'Use file:tasks.db, file:/var/lib/todo/tasks.db or :memory:';

/**
 * Parses `file:tasks.db`, `file:/abs/tasks.db`, `file:///abs/tasks.db`, `file:///C:/tasks.db`,
 * `:memory:`, `file::memory:`.
 * A path is percent-decoded, as in any URL; parameters (`?mode=ro`) are not supported.
 *
 * @throws DatabaseOpenError which never quotes a possible password
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  if (url === ':memory:') return { system: 'sqlite', path: url };
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase();
  if (scheme === undefined) {
    const found = /[@?#]/.test(url) ? 'The database URL' : `The database URL "${url}"`;
    throw new DatabaseOpenError(`${found} has no scheme. ${FIX}.`);
  }
  if (scheme === 'file:') return { system: 'sqlite', path: parseFilePath(url.slice(5)) };
  throw new DatabaseOpenError(`The database scheme ${scheme} is not supported. ${FIX}.`);
}

function parseFilePath(rest: string): string {
  if (/[?#]/.test(rest)) {
    throw new DatabaseOpenError(
      'The database URL has parameters, which are not supported. Remove what follows ? or #, ' +
        'or write %3F and %23 where they belong to the name of the file.',
    );
  }
  // A URL has a slash before a Windows drive, a path does not.
  const path = (rest.startsWith('///') ? rest.slice(2) : rest).replace(/^\/(?=[a-z]:\/)/i, '');
  if (path === '' || path.startsWith('//')) {
    throw new DatabaseOpenError(`The database URL does not name a file on this machine. ${FIX}.`);
  }
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new DatabaseOpenError(
      'The database URL has a % that does not start an escape. Write %25 for a percent sign.',
      { cause },
    );
  }
}
