import { DrizzleQueryError } from 'drizzle-orm';
import { TaskStoreUnavailableError } from '../tasks/index.ts';
import { SqlError } from './sql-client.ts';

/**
 * Converts an exception of a query into one of a `TaskStore`.
 *
 * Drops Drizzle's own error, even as a cause: its message contains the parameters, which are titles.
 */
export function toTaskStoreError(error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  if (!(cause instanceof SqlError) || cause.kind === 'refused') return cause;
  return new TaskStoreUnavailableError(cause.message, { cause });
}
