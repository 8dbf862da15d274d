export { type Database, openDatabase } from './open.ts';
export { DatabaseOpenError } from './sql-client.ts';
