export {
  type SqlClient,
  type SqlOperation,
  type TracedSqlClient,
  type TraceSqlOptions,
  traceSql,
} from './trace-sql.ts';
