import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { isError, isStatement, serviceOf } from './record-facts.ts';
import { compareHrTimes, millisOf } from './times.ts';
import type { TraceSummary } from './trace-store.ts';

/** The structure of a trace. */
export interface TraceShape {
  /** The earliest span without a parent among the spans; the earliest of all in a circle. */
  readonly root: ReadableSpan;
  /** Number of spans whose parent is not among the spans. */
  readonly orphanCount: number;
}

/** Finds the root of a trace, and the spans whose parent is missing. @param spans at least one */
export function findShape(spans: readonly ReadableSpan[]): TraceShape {
  const ids = new Set<string>();
  for (const span of spans) ids.add(span.spanContext().spanId);
  let root: ReadableSpan | undefined;
  let earliest: ReadableSpan | undefined;
  let orphanCount = 0;
  for (const span of spans) {
    if (!earliest || compareHrTimes(span.startTime, earliest.startTime) < 0) earliest = span;
    const parentId = span.parentSpanContext?.spanId;
    if (parentId !== undefined && ids.has(parentId)) continue;
    if (parentId !== undefined) orphanCount += 1;
    if (!root || compareHrTimes(span.startTime, root.startTime) < 0) root = span;
  }
  return { root: (root ?? earliest) as ReadableSpan, orphanCount };
}

/** Returns one line of a search result. */
export function summarizeTrace(
  traceId: string,
  spans: readonly ReadableSpan[],
  logCount: number,
  { root, orphanCount }: TraceShape,
  match: ReadableSpan,
): TraceSummary {
  // A list, not a map: most traces have one or two services, and a page has 2,000 summaries.
  const services: { name: string; spanCount: number; errorCount: number }[] = [];
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  let errorCount = 0;
  let statementCount = 0;
  let resource: ReadableSpan['resource'] | undefined;
  let service = { name: '', spanCount: 0, errorCount: 0 };
  for (const span of spans) {
    start = Math.min(start, millisOf(span.startTime));
    end = Math.max(end, millisOf(span.endTime));
    if (span.resource !== resource) {
      resource = span.resource;
      const name = serviceOf(span);
      const found = services.find((each) => each.name === name);
      service = found ?? { name, spanCount: 0, errorCount: 0 };
      if (!found) services.push(service);
    }
    service.spanCount += 1;
    if (isError(span)) {
      service.errorCount += 1;
      errorCount += 1;
    }
    if (isStatement(span)) statementCount += 1;
  }
  return {
    traceId,
    root,
    match,
    start,
    durationMillis: Math.max(0, end - start),
    spanCount: spans.length,
    errorCount,
    orphanCount,
    logCount,
    statementCount,
    services: services.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
