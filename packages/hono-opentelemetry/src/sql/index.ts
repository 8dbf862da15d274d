export {
  type Queryable,
  type SqlClient,
  type SqlOperation,
  type TracedSqlClient,
  type TraceSqlOptions,
  traceSql,
} from './trace-sql.ts';
