import type { HrTime, SpanContext } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** A span or a log record on its way to the reader, and who wants to know when it has arrived. */
export type Entry = {
  readonly time: HrTime;
  /** The span it stands below. */
  readonly parentId: string | undefined;
  readonly context: SpanContext | undefined;
  readonly done: (result: ExportResult) => void;
} & (
  | { readonly kind: 'span'; readonly span: ReadableSpan }
  | { readonly kind: 'log'; readonly record: ReadableLogRecord }
);

export function spanEntry(span: ReadableSpan, done: Entry['done']): Entry {
  const parentId = span.parentSpanContext?.spanId;
  return { kind: 'span', span, time: span.startTime, parentId, context: span.spanContext(), done };
}

export function logEntry(record: ReadableLogRecord, done: Entry['done']): Entry {
  const context = record.spanContext;
  return { kind: 'log', record, time: record.hrTime, parentId: context?.spanId, context, done };
}

/** Whether it is the topmost span of its trace in this process. */
export function isLocalRoot(entry: Entry): boolean {
  if (entry.kind === 'log') return false;
  const parent = entry.span.parentSpanContext;
  return !parent || parent.isRemote === true;
}

export function compareTimes([aSeconds, aNanos]: HrTime, [bSeconds, bNanos]: HrTime): number {
  return aSeconds - bSeconds || aNanos - bNanos;
}
