import { SqlError, type SqlErrorKind } from './sql-client.ts';

/** SQLite's primary result codes by number (sqlite.org/rescode.html). */
const codes = (
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL ' +
  'CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'
).split(' ');

const explanations: Record<string, { kind: SqlErrorKind; explain: (file: string) => string }> = {
  BUSY: { kind: 'busy', explain: explainLock },
  LOCKED: { kind: 'busy', explain: explainLock },
  FULL: {
    kind: 'unavailable',
    explain: (file) => `The disk of the database ${file} is full. Free some space and try again.`,
  },
  READONLY: {
    kind: 'unavailable',
    explain: (file) =>
      `The database ${file} is read-only. Make the file and its directory writable for this user.`,
  },
  CANTOPEN: {
    kind: 'unavailable',
    explain: (file) =>
      `The database ${file} cannot be opened. Check that this user may write there.`,
  },
  IOERR: {
    kind: 'unavailable',
    explain: (file) => `The disk of the database ${file} does not work. Check disk and mount.`,
  },
  CORRUPT: {
    kind: 'unavailable',
    explain: (file) => `The database ${file} is damaged. Restore it from a copy.`,
  },
  NOTADB: {
    kind: 'unavailable',
    explain: (file) => `The file ${file} is not a SQLite database. Name another one.`,
  },
};

/**
 * Turns an error of `node:sqlite` into a `SqlError`; any other error is returned as it is.
 * Deno 2.9 sets `errcode` on errors of prepared statements only, not on those of `exec()`.
 */
export function toSqlError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  const name = codes[Number(error.errcode) & 0xff] ?? 'ERROR';
  const known = explanations[name];
  return new SqlError(known?.explain(file) ?? `SQLite refused a statement: ${error.message}.`, {
    kind: known?.kind ?? 'refused',
    code: `SQLITE_${name}`,
    cause: error,
  });
}

function explainLock(file: string): string {
  return `The database ${file} is locked: another program is writing to it. Try again shortly.`;
}
