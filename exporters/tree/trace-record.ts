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
