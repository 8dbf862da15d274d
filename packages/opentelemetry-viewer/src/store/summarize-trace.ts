import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { serviceOf, type TraceRecords } from './matcher.ts';
import { compareHrTimes, millisOf } from './times.ts';
import type { ServiceCount, TraceSummary } from './trace-store.ts';

/** Returns the earliest span without a parent among the spans; the earliest of all in a circle. */
export function findRoot(spans: readonly ReadableSpan[]): ReadableSpan | undefined {
  const ids = new Set<string>();
  for (const span of spans) ids.add(span.spanContext().spanId);
  let root: ReadableSpan | undefined;
  let earliest: ReadableSpan | undefined;
  for (const span of spans) {
    if (!earliest || compareHrTimes(span.startTime, earliest.startTime) < 0) earliest = span;
    const parentId = span.parentSpanContext?.spanId;
    if (parentId !== undefined && ids.has(parentId)) continue;
    if (!root || compareHrTimes(span.startTime, root.startTime) < 0) root = span;
  }
  return root ?? earliest;
}

/** Returns whether a span counts as a failed one. */
export function isError({ status }: ReadableSpan): boolean {
  return status.code === SpanStatusCode.ERROR;
}

/** Returns whether a span is a SQL statement or another call of a database. */
export function isStatement({ attributes }: ReadableSpan): boolean {
  return attributes['db.system.name'] !== undefined || attributes['db.system'] !== undefined;
}

/** Returns one line of a search result. */
export function summarizeTrace(
  traceId: string,
  { spans, logs }: Pick<TraceRecords, 'spans' | 'logs'>,
  root: ReadableSpan,
  match: ReadableSpan,
): TraceSummary {
  const services = new Map<string, { name: string; spanCount: number; errorCount: number }>();
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  let errorCount = 0;
  let statementCount = 0;
  for (const span of spans) {
    start = Math.min(start, millisOf(span.startTime));
    end = Math.max(end, millisOf(span.endTime));
    const name = serviceOf(span);
    const service = services.get(name) ?? { name, spanCount: 0, errorCount: 0 };
    services.set(name, service);
    service.spanCount += 1;
    if (isError(span)) {
      service.errorCount += 1;
      errorCount += 1;
    }
    if (isStatement(span)) statementCount += 1;
  }
  const sorted: ServiceCount[] = [...services.values()];
  sorted.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    traceId,
    root,
    match,
    start,
    durationMillis: Math.max(0, end - start),
    spanCount: spans.length,
    errorCount,
    logCount: logs.length,
    statementCount,
    services: sorted,
  };
}
