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
import { oldStatementNames } from '../semconv/legacy.ts';
import { startSpanTimer } from '../span-duration.ts';
import { measureSql } from './sql-metrics.ts';
import { summarizeSql } from './summarize-sql.ts';

/** What a caller knows about its statement. It is never parsed out of the text. */
export interface SqlOperation {
  /** Value of the attribute `db.operation.name`: `SELECT`. */
  readonly name: string;
  /** Value of the attribute `db.collection.name`: the only table of the statement. */
  readonly collection?: string;
}

/** The least that a SQL client can be. */
export interface Queryable {
  query(sql: string, params: readonly unknown[], operation?: SqlOperation): Promise<unknown[][]>;
}

/** What is traced: any SQL client of this shape, the small ones included that have only `query`. */
export interface SqlClient extends Queryable {
  /** Value of the attribute `db.system.name`. */
  readonly system: string;
  /** Value of the attribute `db.namespace`. */
  readonly namespace?: string | undefined;
  /** `work` is given a client that has `query`. */
  transaction?<T>(work: (client: Queryable) => Promise<T>): Promise<T>;
  close?(): Promise<void>;
}

/** Of the client that went in what `SqlClient` names, each with the type that it had. */
export type TracedSqlClient<Client extends SqlClient> = Pick<
  Client,
  Extract<keyof Client, keyof SqlClient>
>;

export interface TraceSqlOptions {
  /**
   * Adds the names of 1.24 to those of today, `db.statement` to `db.query.text`, on spans: what
   * `OTEL_SEMCONV_STABILITY_OPT_IN=database/dup` asks for. Default: false.
   */
  readonly oldNames?: boolean;
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider;
}

interface Statement {
  readonly operation: SqlOperation | undefined;
  readonly name: string;
  /** Attributes of the metric, and of the span. */
  readonly labels: Attributes;
  readonly attributes: Attributes;
}

/** Statements whose text was read before; a program has few, generated ones must not pile up. */
const MAX_STATEMENTS = 500;

/**
 * The same client, with a CLIENT span and a duration for each statement.
 *
 * Statements outside of any span (start-up, health checks, gauges) are neither traced nor measured:
 * they would make traces of their own, and a gauge that changes a metric by being read. Text stands
 * in the span as it was given, parameters and messages of errors (which may quote a value) never do.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/
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
      known = describe(client, sql, operation, options.oldNames);
      statements.set(sql, known);
    }
    return known;
  }

  /** @returns what ends the statement's span and measures it */
  function start(
    sql: string,
    operation: SqlOperation | undefined,
    parent: Span,
  ): (failed?: Attributes) => void {
    const { name, labels, attributes } = statement(sql, operation);
    const span = isTraced(parent)
      ? tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes })
      : undefined;
    const timer = startSpanTimer();
    return function end(failed) {
      if (failed) span?.setAttributes(failed).setStatus({ code: SpanStatusCode.ERROR });
      safely(() => span?.end());
      const seconds = timer.seconds(span);
      safely(() => recordOperation(seconds, failed ? { ...labels, ...failed } : labels));
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

/** Work that goes on after the answer belongs to the request's trace, though its span has ended. */
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
  oldNames = false,
): Statement {
  const { name, collection } = operation ?? {};
  const isSummarized = name !== undefined && collection !== undefined;
  const summary = isSummarized ? `${name} ${collection}` : summarizeSql(sql);
  const labels: Attributes = { [ATTR_DB_SYSTEM_NAME]: system };
  if (name !== undefined) labels[ATTR_DB_OPERATION_NAME] = name;
  if (summary !== '') labels[ATTR_DB_QUERY_SUMMARY] = summary;
  if (namespace !== undefined) labels[ATTR_DB_NAMESPACE] = namespace;
  if (collection !== undefined) labels[ATTR_DB_COLLECTION_NAME] = collection;
  const attributes: Attributes = { ...labels, [ATTR_DB_QUERY_TEXT]: sql };
  if (oldNames) Object.assign(attributes, oldStatementNames(attributes));
  // Frozen, so that a meter provider may know its time series by it.
  return { operation, name: summary || system, labels: Object.freeze(labels), attributes };
}

/** SQLite's `errcode`, PostgreSQL's `code` (SQLSTATE); the message may quote a value and stays out. */
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
