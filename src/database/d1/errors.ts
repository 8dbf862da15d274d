import { SqlError, type SqlErrorKind } from '../sql-client.ts';

/** Kinds of failures by D1's message. The first match wins; any other means a refused statement. */
const FAILURES: readonly (readonly [pattern: RegExp, kind: SqlErrorKind, message: string])[] = [
  [
    /no such table/,
    'unavailable',
    'The D1 database has no tables. Run `npx wrangler d1 migrations apply DB` with --local or --remote.',
  ],
  [
    /maximum DB size|SQLITE_FULL/i,
    'unavailable',
    'The D1 database is full. Delete data, or move to a larger database.',
  ],
  [
    /overloaded|too many requests queued|SQLITE_BUSY|timeout/i,
    'busy',
    'The D1 database is overloaded. Try again shortly.',
  ],
  [
    /network connection lost|storage operation|reset because|internal error|object to be reset/i,
    'unavailable',
    'The D1 database cannot be reached. Try again shortly.',
  ],
];

/**
 * Turns an error of D1 into a `SqlError`; any other error is returned as it is.
 * @see https://developers.cloudflare.com/d1/observability/debug-d1/
 */
export function toD1Error(error: unknown): unknown {
  if (!(error instanceof Error) || !/D1_|SQLITE_|D1 /.test(error.message)) return error;
  const code = /SQLITE_[A-Z]+/.exec(error.message)?.[0] ?? 'D1_ERROR';
  for (const [pattern, kind, message] of FAILURES) {
    if (pattern.test(error.message)) return new SqlError(message, { kind, code, cause: error });
  }
  return new SqlError(`D1 refused a statement: ${error.message}.`, {
    kind: 'refused',
    code,
    cause: error,
  });
}
