export type { TraceDriverOptions, TraceSqlOptions } from './sql-tracer.ts';
export type { SqlOperation } from './statement-cache.ts';
export { type D1Driver, traceD1 } from './trace-d1.ts';
export { type LibsqlDriver, traceLibsql } from './trace-libsql.ts';
export { type MysqlDriver, traceMysql } from './trace-mysql.ts';
export { type PgDriver, tracePg } from './trace-pg.ts';
export { type PostgresDriver, tracePostgres } from './trace-postgres.ts';
export {
  type Queryable,
  type SqlClient,
  type TracedSqlClient,
  traceSql,
} from './trace-sql.ts';
export { type SqliteDriver, traceSqlite } from './trace-sqlite.ts';
