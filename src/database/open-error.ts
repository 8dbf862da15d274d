import { DatabaseOpenError, SqlError } from './sql-client.ts';

/** Converts an exception at opening into one with a message for the user. Returns any other as it is. */
export function toOpenError(error: unknown, database: string): unknown {
  if (error instanceof SqlError && error.kind !== 'refused') {
    return new DatabaseOpenError(error.message, { cause: error });
  }
  if (error instanceof SqlError || error instanceof DatabaseOpenError) {
    const message = `The ${database} cannot be used. ${error.message}`;
    return new DatabaseOpenError(message, { cause: error });
  }
  return error;
}
