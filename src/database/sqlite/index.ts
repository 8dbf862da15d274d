export { openSqliteDatabase } from './open.ts';
