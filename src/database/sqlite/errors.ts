import { SqlError } from '../sql-client.ts';

/** SQLite's primary result codes by number (sqlite.org/rescode.html). */
const CODES = (
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL ' +
  'CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'
).split(' ');

/** Human-readable reasons why a database is unavailable. Any other code means a refused statement. */
const EXPLANATIONS: Readonly<Record<string, (file: string) => string>> = {
  BUSY: explainLock,
  LOCKED: explainLock,
  FULL: (file) => `The disk of the database ${file} is full. Free some space and try again.`,
  READONLY: (file) =>
    `The database ${file} is read-only. Make the file and its directory writable for this user.`,
  CANTOPEN: (file) =>
    `The database ${file} cannot be opened. Check that this user may write there.`,
  IOERR: (file) => `The disk of the database ${file} failed. Check disk and mount.`,
  CORRUPT: (file) => `The database ${file} is damaged. Restore it from a copy.`,
  NOTADB: (file) => `The file ${file} is not a SQLite database. Use another file.`,
};

/**
 * Turns an error of `node:sqlite` into a `SqlError`; any other error is returned as it is.
 * Deno 2.9 sets `errcode` on errors of prepared statements only, not on those of `exec()`.
 */
export function fromSqliteError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  const name = CODES[Number(error.errcode) & 0xff] ?? 'ERROR';
  const code = `SQLITE_${name}`;
  const explain = EXPLANATIONS[name];
  if (explain === undefined) {
    const message = `SQLite refused a statement: ${error.message}.`;
    return new SqlError(message, { kind: 'refused', code, cause: error });
  }
  const kind = explain === explainLock ? 'busy' : 'unavailable';
  return new SqlError(explain(file), { kind, code, cause: error });
}

function explainLock(file: string): string {
  return `The database ${file} is locked: another program is writing to it. Try again shortly.`;
}
