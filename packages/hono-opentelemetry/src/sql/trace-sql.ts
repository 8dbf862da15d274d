import {
  type Attributes,
  type MeterProvider,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
} from '@opentelemetry/semantic-conventions';
import { errorType } from '../exception.ts';
import { activeRequest } from '../http/active-request.ts';
import { countStatement } from '../request-stats.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from '../scope.ts';
import { legacyStatementAttributes, type SemconvMode } from '../semconv/legacy.ts';
import { startSpanTimer } from '../span-duration.ts';
import { measureSql } from './sql-metrics.ts';
import { summarizeSql } from './summarize-sql.ts';

/** Facts that a caller knows about its statement. They are never parsed from the SQL. */
export interface SqlOperation {
  /** Value of the attribute `db.operation.name`: `SELECT`. */
  readonly name: string;
  /** Value of the attribute `db.collection.name`: the table, if the statement has only one. */
  readonly collection?: string;
}

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

/** Options of `traceSql()`. All of them are optional. */
export interface TraceSqlOptions {
  /**
   * `dup` adds the attribute names of semantic conventions 1.24 to spans (`db.statement` in addition to
   * `db.query.text`), like `OTEL_SEMCONV_STABILITY_OPT_IN=database/dup`.
   * @default 'stable'
   * @see https://opentelemetry.io/docs/specs/semconv/non-normative/db-migration/
   */
  readonly semconv?: SemconvMode;
  /** @default the global tracer provider */
  readonly tracerProvider?: TracerProvider;
  /** @default the global meter provider */
  readonly meterProvider?: MeterProvider;
}

interface Statement {
  readonly operation: SqlOperation | undefined;
  readonly name: string;
  readonly metricAttributes: Attributes;
  readonly spanAttributes: Attributes;
}

/** Bounds the cache of statements. A program has few, but generated ones must not fill the memory. */
const MAX_STATEMENTS = 500;

/**
 * Returns a client that records a CLIENT span and a duration for each statement.
 *
 * Statements outside of any span (start-up, health checks, gauges) are neither traced nor measured: each
 * would be a separate trace, and a gauge that queries would change the metric. Spans contain the SQL as
 * it was passed, but neither parameters nor error messages, which may quote values.
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
  const tracer = (options.tracerProvider ?? trace).getTracer(
    SCOPE_NAME,
    SCOPE_VERSION,
    SCOPE_OPTIONS,
  );
  const recordOperation = measureSql(options.meterProvider);
  const statements = new Map<string, Statement>();

  function statement(sql: string, operation?: SqlOperation): Statement {
    let known = statements.get(sql);
    if (known === undefined || !isSame(known.operation, operation)) {
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      known = describe(client, sql, operation, options.semconv);
      statements.set(sql, known);
    }
    return known;
  }

  /** Starts the span of a statement. @returns a function that ends it and records the duration */
  function start(
    sql: string,
    operation: SqlOperation | undefined,
    parent: Span,
  ): (failed?: Attributes) => void {
    const { name, metricAttributes, spanAttributes } = statement(sql, operation);
    const span = isTraced(parent)
      ? tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: spanAttributes })
      : undefined;
    const timer = startSpanTimer();
    return function end(failed) {
      if (failed) span?.setAttributes(failed).setStatus({ code: SpanStatusCode.ERROR });
      safely(() => span?.end());
      const seconds = timer.seconds(span);
      const attributes = failed ? { ...metricAttributes, ...failed } : metricAttributes;
      safely(() => recordOperation(seconds, attributes));
    };
  }

  function traceQueries(target: Queryable): Queryable['query'] {
    return async function query(sql, params, operation) {
      const parent = trace.getActiveSpan();
      if (parent === undefined) return target.query(sql, params);
      countStatement();
      const end = safely(() => start(sql, operation, parent));
      try {
        const rows = await target.query(sql, params);
        end?.();
        return rows;
      } catch (error) {
        end?.(failure(error));
        throw error;
      }
    };
  }

  const transaction = client.transaction?.bind(client);
  const close = client.close?.bind(client);
  const traced = {
    system: client.system,
    ...(client.namespace !== undefined && { namespace: client.namespace }),
    query: traceQueries(client),
    ...(transaction && {
      transaction: (work: (client: Queryable) => Promise<unknown>) =>
        transaction((inner) => work({ query: traceQueries(inner) })),
    }),
    ...(close && { close }),
  };
  return traced as SqlClient as TracedSqlClient<Client>;
}

/** Returns true if statements get spans. Those issued after the response still join its trace. */
function isTraced(parent: Span): boolean {
  const { traceFlags, isRemote } = parent.spanContext();
  return parent.isRecording() || (!isRemote && (traceFlags & TraceFlags.SAMPLED) !== 0);
}

function isSame(one?: SqlOperation, other?: SqlOperation): boolean {
  return one?.name === other?.name && one?.collection === other?.collection;
}

function describe(
  { system, namespace }: SqlClient,
  sql: string,
  operation?: SqlOperation,
  semconv: SemconvMode = 'stable',
): Statement {
  const { name, collection } = operation ?? {};
  const isSummarized = name !== undefined && collection !== undefined;
  const summary = isSummarized ? `${name} ${collection}` : summarizeSql(sql);
  const metricAttributes: Attributes = { [ATTR_DB_SYSTEM_NAME]: system };
  if (name !== undefined) metricAttributes[ATTR_DB_OPERATION_NAME] = name;
  if (summary !== '') metricAttributes[ATTR_DB_QUERY_SUMMARY] = summary;
  if (namespace !== undefined) metricAttributes[ATTR_DB_NAMESPACE] = namespace;
  if (collection !== undefined) metricAttributes[ATTR_DB_COLLECTION_NAME] = collection;
  const spanAttributes: Attributes = { ...metricAttributes, [ATTR_DB_QUERY_TEXT]: sql };
  if (semconv === 'dup') Object.assign(spanAttributes, legacyStatementAttributes(spanAttributes));
  // A meter provider can find the time series of a frozen object by identity.
  Object.freeze(metricAttributes);
  return { operation, name: summary || system, metricAttributes, spanAttributes };
}

/**
 * Returns the error type and the status code: `errcode` of SQLite, `code` of PostgreSQL (SQLSTATE). The
 * message may quote a value and is omitted.
 */
function failure(error: unknown): Attributes {
  const type = errorType(error, activeRequest()?.c.req.raw);
  const attributes: Attributes = { [ATTR_ERROR_TYPE]: type };
  safely(() => {
    const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown };
    const status = errcode ?? code;
    if (status !== undefined) attributes[ATTR_DB_RESPONSE_STATUS_CODE] = String(status);
  });
  return attributes;
}
