import { MYSQL, STANDARD_SQL } from './sql-tokens.ts';
import { createSqlTracer, runStatement, type TraceSqlOptions } from './sql-tracer.ts';
import type { SqlOperation } from './statement-cache.ts';

/** The part of a client that runs statements. */
export interface Queryable {
  /**
   * Runs a statement. @returns its rows, each an array of values
   * @param operation facts that `traceSql()` records; the client itself does not receive them
   */
  query(sql: string, params: readonly unknown[], operation?: SqlOperation): Promise<unknown[][]>;
}

/** A SQL client that can be traced. Only `system` and `query` are required. */
export interface SqlClient extends Queryable {
  /** Value of the attribute `db.system.name`. */
  readonly system: string;
  /** Value of the attribute `db.namespace`. */
  readonly namespace?: string | undefined;
  /** Runs `work` in a transaction, with a client for its statements. */
  transaction?<T>(work: (client: Queryable) => Promise<T>): Promise<T>;
  close?(): Promise<void>;
}

/** A traced client: the members of `SqlClient` that the original client has, with their types. */
export type TracedSqlClient<Client extends SqlClient> = Pick<
  Client,
  Extract<keyof Client, keyof SqlClient>
>;

/**
 * Returns a client that records a CLIENT span and a duration for each statement.
 *
 * Statements outside of any span (start-up, health checks, gauges) are neither traced nor measured. Each
 * would be a separate trace, and a gauge that queries would change the metric. Spans contain neither
 * parameters nor error messages, which may quote values. Literals become `?` in SQL without parameters.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 * @example
 * ```ts
 * import { traceSql } from 'hono-opentelemetry';
 * import { DatabaseSync } from 'node:sqlite';
 *
 * const database = new DatabaseSync(':memory:');
 * const client = traceSql({
 *   system: 'sqlite',
 *   async query(sql, params) {
 *     const rows = database.prepare(sql).all(...(params as string[]));
 *     return rows.map((row) => Object.values(row));
 *   },
 * });
 * console.log(JSON.stringify(await client.query('SELECT ? AS title', ['milk']))); // [["milk"]]
 * ```
 */
export function traceSql<Client extends SqlClient>(
  client: Client,
  options: TraceSqlOptions = {},
): TracedSqlClient<Client> {
  const { system, namespace } = client;
  const dialect = system === 'mysql' || system === 'mariadb' ? MYSQL : STANDARD_SQL;
  const tracer = createSqlTracer({ system, namespace, dialect }, options);

  function traceQueries(target: Queryable): Queryable['query'] {
    return function query(sql, params, operation) {
      // Callers without types may pass no parameters.
      const hasParameters = Boolean(params?.length);
      const statement = tracer.start(sql, { operation, hasParameters });
      return runStatement(statement, () => target.query(sql, params));
    };
  }

  const transaction = client.transaction?.bind(client);
  const close = client.close?.bind(client);
  const traced: SqlClient = {
    system,
    ...(namespace !== undefined && { namespace }),
    query: traceQueries(client),
    ...(transaction && {
      transaction: (work) => transaction((inner) => work({ query: traceQueries(inner) })),
    }),
    ...(close && { close }),
  };
  return traced as TracedSqlClient<Client>;
}
