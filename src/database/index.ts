export type { Database } from './database.ts';
export { openDatabase } from './open.ts';
export { DatabaseOpenError, DatabaseUrlError } from './sql-client.ts';
