import {
  type Attributes,
  type Context,
  context,
  type Histogram,
  type Meter,
  type MeterProvider,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_DB_OPERATION_BATCH_SIZE,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_ERROR_TYPE,
  METRIC_DB_CLIENT_OPERATION_DURATION,
} from '@opentelemetry/semantic-conventions';
import { activeRequest } from '../active-request.ts';
import { currentInstruments, DATABASE_DURATION_BUCKETS } from '../current-instruments.ts';
import { errorType } from '../exception.ts';
import { isPromiseLike } from '../promise-like.ts';
import { countStatement } from '../request-stats.ts';
import { safely } from '../safely.ts';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from '../scope.ts';
import type { SemconvMode } from '../semconv/legacy.ts';
import { spanSeconds } from '../span-duration.ts';
import { isTraced } from '../traced-parent.ts';
import {
  databaseAttributes,
  driverCode,
  responseStatus,
  type SqlDatabase,
} from './sql-database.ts';
import { createStatementCache, type DriverOperation, type Statement } from './statement-cache.ts';

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

/** Options of the wrappers of drivers. All of them are optional. */
export interface TraceDriverOptions extends TraceSqlOptions {
  /**
   * Adds an INTERNAL span around each transaction, with its statements as children.
   * @default false
   */
  readonly transactions?: boolean;
  /**
   * Appends a comment with `traceparent` to the SQL, so that logs of the database lead to the trace.
   * Prepared statements stay as they are: each trace would be another statement.
   * @default false
   * @see https://google.github.io/sqlcommenter/spec/
   */
  readonly comments?: boolean;
}

/** Facts about one execution of a statement. */
export interface StatementFacts {
  readonly operation?: DriverOperation | undefined;
  /** True if values are passed beside the text, which then has no values and is recorded as it is. */
  readonly hasParameters?: boolean;
  /** Number of statements that are sent together as a batch. */
  readonly batchSize?: number;
  /** Parent of the span. Defaults to the active context. */
  readonly parent?: Context | undefined;
}

/** Traces the statements of one database. */
export interface SqlTracer {
  /**
   * Starts a statement.
   * @param sql the text, or what a program without types has passed instead
   * @returns undefined if it is not observed: outside of any span, or when telemetry fails
   */
  start(sql: unknown, facts?: StatementFacts): RunningStatement | undefined;
  /** Starts another span of the database. @returns undefined outside of any span */
  startSpan(name: string): Span | undefined;
}

type RecordDuration = (seconds: number, attributes: Attributes) => void;

/** Not stable yet, so semantic-conventions does not export it from its main entry. */
const RETURNED_ROWS = 'db.response.returned_rows';
const NO_FACTS: StatementFacts = {};

/** Creates a tracer for the statements of a database. */
export function createSqlTracer(database: SqlDatabase, options: TraceSqlOptions = {}): SqlTracer {
  const tracer = safely(() =>
    (options.tracerProvider ?? trace).getTracer(SCOPE_NAME, SCOPE_VERSION, SCOPE_OPTIONS),
  );
  const duration = currentInstruments(createDuration, options.meterProvider);
  const record: RecordDuration = (seconds, attributes) => duration().record(seconds, attributes);
  const statementOf = createStatementCache(database, options.semconv);

  function start(
    sql: unknown,
    { operation, hasParameters, batchSize, parent }: StatementFacts,
  ): RunningStatement | undefined {
    const active = parent ?? context.active();
    const parentSpan = trace.getSpan(active);
    if (!tracer || !parentSpan || typeof sql !== 'string') return undefined;
    countStatement(active);
    const statement = statementOf(sql, hasParameters, operation);
    let span: Span | undefined;
    if (isTraced(parentSpan)) {
      const { name, spanAttributes: attributes } = statement;
      span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, active);
      if (batchSize !== undefined) span.setAttribute(ATTR_DB_OPERATION_BATCH_SIZE, batchSize);
    }
    return new RunningStatement(span, statement, record);
  }

  return {
    start: (sql, facts = NO_FACTS) => safely(() => start(sql, facts)),

    startSpan: (name) =>
      safely(() => {
        const parentSpan = trace.getActiveSpan();
        if (parentSpan === undefined || !isTraced(parentSpan)) return undefined;
        return tracer?.startSpan(name, { attributes: databaseAttributes(database) });
      }),
  };
}

/** A statement that has been sent. It ends once; later calls do nothing. */
export class RunningStatement {
  readonly span: Span | undefined;
  /** Called after the statement has ended. */
  onEnd: ((hasFailed: boolean) => void) | undefined;
  readonly #statement: Statement;
  readonly #record: RecordDuration;
  readonly #startTime = performance.now();
  #hasEnded = false;

  constructor(span: Span | undefined, statement: Statement, record: RecordDuration) {
    this.span = span;
    this.#statement = statement;
    this.#record = record;
  }

  /** @param rows number of rows that the database returned, if that is known */
  end(rows?: number): void {
    if (this.#hasEnded) return;
    if (rows !== undefined) safely(() => this.span?.setAttribute(RETURNED_ROWS, rows));
    this.#end(this.#statement.metricAttributes, false);
  }

  /** @param rowsOf returns the number of rows in the result. It is called only if that is recorded */
  endWith<T>(result: T, rowsOf?: (result: T) => number | undefined): void {
    this.end(this.span && rowsOf && safely(() => rowsOf(result)));
  }

  fail(error: unknown): void {
    if (this.#hasEnded) return;
    const failed = failure(error);
    safely(() => this.span?.setAttributes(failed).setStatus({ code: SpanStatusCode.ERROR }));
    this.#end({ ...this.#statement.metricAttributes, ...failed }, true);
  }

  #end(attributes: Attributes, hasFailed: boolean): void {
    this.#hasEnded = true;
    safely(() => {
      this.span?.end();
      this.#record(spanSeconds(this.span, this.#startTime), attributes);
    });
    this.onEnd?.(hasFailed);
  }
}

/**
 * Runs a statement and ends it with its result, now or when the promise settles.
 * @param rowsOf returns the number of rows in a result
 * @param endsLater true if a callback or an event ends it, not the result
 */
export function runStatement<T>(
  statement: RunningStatement | undefined,
  work: () => T,
  rowsOf?: (result: Awaited<T>) => number | undefined,
  endsLater = false,
): T {
  if (statement === undefined) return work();
  try {
    const result = work();
    if (endsLater) return result;
    if (!isPromiseLike(result)) {
      statement.endWith(result as Awaited<T>, rowsOf);
      return result;
    }
    return result.then(
      (value) => {
        statement.endWith(value as Awaited<T>, rowsOf);
        return value;
      },
      (error: unknown) => {
        statement.fail(error);
        throw error;
      },
    ) as T;
  } catch (error) {
    statement.fail(error);
    throw error;
  }
}

/** Returns the error type, which is the status code if there is one. The message may quote a value and is omitted. */
function failure(error: unknown): Attributes {
  const code = safely(() => responseStatus(error));
  if (code === undefined) {
    const type = safely(() => driverCode(error)) ?? errorType(error, activeRequest()?.c?.req.raw);
    return { [ATTR_ERROR_TYPE]: type };
  }
  return { [ATTR_ERROR_TYPE]: code, [ATTR_DB_RESPONSE_STATUS_CODE]: code };
}

function createDuration(meter: Meter): Histogram {
  return meter.createHistogram(METRIC_DB_CLIENT_OPERATION_DURATION, {
    description: 'Duration of database client operations.',
    unit: 's',
    advice: { explicitBucketBoundaries: DATABASE_DURATION_BUCKETS },
  });
}

/** Returns the active context with another span. */
export function withSpan(span: Span): Context {
  return trace.setSpan(context.active(), span);
}
