import { type Context, isSpanContextValid, trace } from '@opentelemetry/api';
import { activeRequest, type RequestTotals } from './active-request.ts';

/** Totals of the request being handled, up to now. */
export interface RequestStats {
  /** Time since the request arrived. */
  readonly milliseconds: number;
  /** SQL statements that were started through `traceSql()`. */
  readonly statements: number;
}

/** Starts the totals of a request. */
export function startRequestStats(): RequestTotals {
  return { startTime: performance.now(), statements: 0 };
}

/** Counts a SQL statement of the request that is active in a context. */
export function countStatement(parent: Context): void {
  const stats = activeRequest(parent)?.stats;
  if (stats !== undefined) stats.statements += 1;
}

/**
 * Returns the time and the number of SQL statements of the request being handled, sampled or not. A page
 * can show them in its footer.
 *
 * @returns undefined outside of a request, and if `traceHttp()` is used without `traceResponse`
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { getRequestStats, traceHttp } from 'hono-opentelemetry';
 *
 * const app = new Hono().use(traceHttp({ traceResponse: true }));
 * app.get('/', (c) => c.text(`${getRequestStats()?.milliseconds} ms`));
 * ```
 */
export function getRequestStats(): RequestStats | undefined {
  const stats = activeRequest()?.stats;
  if (stats === undefined) return undefined;
  return { milliseconds: performance.now() - stats.startTime, statements: stats.statements };
}

/**
 * Returns the trace ID of the request being handled, for error pages, log lines and support requests.
 *
 * @returns undefined outside of a trace, and without an SDK unless the caller has sent a trace ID
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { currentTraceId, traceHttp } from 'hono-opentelemetry';
 *
 * const app = new Hono().use(traceHttp());
 * app.onError((_error, c) => c.text(`Please report the trace ${currentTraceId()}.`, 500));
 * ```
 */
export function currentTraceId(): string | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}
