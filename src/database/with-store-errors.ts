import { DrizzleQueryError } from 'drizzle-orm';
import { TaskStoreUnavailableError } from '../tasks/index.ts';
import { DatabaseOpenError, SqlError } from './sql-client.ts';

/** Awaits a query, and throws the errors of a `TaskStore`. */
export async function withStoreErrors<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw toTaskStoreError(error);
  }
}

/**
 * Converts an exception of a query into one of a `TaskStore`.
 *
 * Drops Drizzle's own error, even as a cause: its message contains the parameters, which are titles.
 */
function toTaskStoreError(error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  const isUnavailable =
    cause instanceof DatabaseOpenError || (cause instanceof SqlError && cause.kind !== 'refused');
  return isUnavailable ? new TaskStoreUnavailableError(cause.message, { cause }) : cause;
}
