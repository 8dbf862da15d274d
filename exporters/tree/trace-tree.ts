import type { HrTime, SpanContext } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** A span or log record to print, with the callback of its export. */
export type TraceRecord = {
  readonly time: HrTime;
  /** ID of the parent span. */
  readonly parentId: string | undefined;
  readonly context: SpanContext | undefined;
  readonly done: (result: ExportResult) => void;
} & (
  | { readonly kind: 'span'; readonly span: ReadableSpan }
  | { readonly kind: 'log'; readonly record: ReadableLogRecord }
);

/** Creates the record of a span. */
export function toSpanRecord(span: ReadableSpan, done: TraceRecord['done']): TraceRecord {
  const parentId = span.parentSpanContext?.spanId;
  return { kind: 'span', span, time: span.startTime, parentId, context: span.spanContext(), done };
}

/** Creates the record of a log record. */
export function toLogRecord(record: ReadableLogRecord, done: TraceRecord['done']): TraceRecord {
  const context = record.spanContext;
  return { kind: 'log', record, time: record.hrTime, parentId: context?.spanId, context, done };
}

/** Returns true for the topmost span of its trace in this process. */
export function isLocalRoot(entry: TraceRecord): boolean {
  if (entry.kind === 'log') return false;
  const parent = entry.span.parentSpanContext;
  return !parent || parent.isRemote === true;
}

/** Compares two times for sorting. */
export function compareTimes([aSeconds, aNanos]: HrTime, [bSeconds, bNanos]: HrTime): number {
  return aSeconds - bSeconds || aNanos - bNanos;
}

/** A span or log record with its descendants, in time order. */
export interface TraceNode {
  readonly entry: TraceRecord;
  readonly children: readonly TraceNode[];
}

/** Builds trees of records. Each record is used once. */
export interface TreeBuilder {
  build(entry: TraceRecord): TraceNode;
  /** Records that are in a tree already. */
  readonly used: ReadonlySet<TraceRecord>;
}

/** Creates a builder for the records of a trace. */
export function createTreeBuilder(entries: readonly TraceRecord[]): TreeBuilder {
  const below = Map.groupBy(entries, ({ parentId }) => parentId);
  const used = new Set<TraceRecord>();

  function build(entry: TraceRecord): TraceNode {
    used.add(entry);
    if (entry.kind === 'log') return { entry, children: [] };
    const children = below.get(entry.span.spanContext().spanId) ?? [];
    children.sort((a, b) => compareTimes(a.time, b.time));
    // Forged spans may be their own ancestors, which must not hang the program.
    return { entry, children: children.flatMap((child) => (used.has(child) ? [] : build(child))) };
  }
  return { build, used };
}
