/** A database that cannot be used. The message is for a person and needs no stack trace. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
}
