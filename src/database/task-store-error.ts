import { DrizzleQueryError } from 'drizzle-orm';
import { TaskStoreUnavailableError } from '../tasks/task-store.ts';
import { SqlError } from './sql-client.ts';

/**
 * Turns what a query threw into what a TaskStore throws.
 *
 * Drizzle's own error stays out, even as a cause: its message lists the parameters, and those are
 * the titles of tasks.
 */
export function toTaskStoreError(error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  if (!(cause instanceof SqlError) || cause.kind === 'refused') return cause;
  return new TaskStoreUnavailableError(cause.message, { cause });
}
