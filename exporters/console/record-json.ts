import {
  type HrTime,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
} from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { toJsonSafe, toJsonSafeAttributes } from '../terminal/index.ts';

/** Returns a span in the shape of OpenTelemetry Python's `ReadableSpan.to_json()`. */
export function spanDocument(span: ReadableSpan, timestamp: (time: HrTime) => string): object {
  return {
    name: span.name,
    context: contextDocument(span.spanContext()),
    kind: `SpanKind.${SpanKind[span.kind]}`,
    parent_id: span.parentSpanContext ? `0x${span.parentSpanContext.spanId}` : null,
    start_time: timestamp(span.startTime),
    end_time: timestamp(span.endTime),
    status: statusDocument(span.status),
    attributes: toJsonSafeAttributes(span.attributes),
    events: span.events.map((event) => ({
      name: event.name,
      timestamp: timestamp(event.time),
      attributes: toJsonSafeAttributes(event.attributes),
    })),
    links: span.links.map((link) => ({
      context: contextDocument(link.context),
      attributes: toJsonSafeAttributes(link.attributes),
    })),
    resource: resourceDocument(span.resource),
  };
}

function statusDocument({ code, message }: SpanStatus) {
  const status_code = SpanStatusCode[code];
  return message ? { status_code, description: message } : { status_code };
}

/** Returns a log record in the shape of OpenTelemetry Python's `ReadableLogRecord.to_json()`. */
export function logDocument(
  record: ReadableLogRecord,
  timestamp: (time: HrTime) => string,
): object {
  const context = record.spanContext;
  return {
    body: toJsonSafe(record.body),
    severity_number: record.severityNumber ?? 0,
    severity_text: record.severityText ?? null,
    attributes: toJsonSafeAttributes(record.attributes),
    dropped_attributes: record.droppedAttributesCount,
    timestamp: timestamp(record.hrTime),
    observed_timestamp: timestamp(record.hrTimeObserved),
    trace_id: context ? `0x${context.traceId}` : '',
    span_id: context ? `0x${context.spanId}` : '',
    trace_flags: context?.traceFlags ?? 0,
    resource: resourceDocument(record.resource),
    event_name: record.eventName ?? '',
  };
}

/** Returns a resource in the shape of OpenTelemetry Python's `Resource.to_json()`. */
export function resourceDocument(resource: Resource): object {
  return {
    attributes: toJsonSafeAttributes(resource.attributes),
    schema_url: resource.schemaUrl ?? '',
  };
}

/** Returns a span context. `trace_state` is formatted like in Python: `[]`, `['{key=vendor, value=1}']`. */
function contextDocument({ traceId, spanId, traceState }: SpanContext): object {
  const members = traceState?.serialize().split(',') ?? [];
  const pairs = members.map((member) => {
    const [key, ...value] = member.split('=');
    return `'{key=${key}, value=${value.join('=')}}'`;
  });
  return {
    trace_id: `0x${traceId}`,
    span_id: `0x${spanId}`,
    trace_state: `[${pairs.join(', ')}]`,
  };
}

/** Creates a function that formats times in microseconds: `2026-11-20T23:46:29.899129Z`. */
export function createTimestamp(): (time: HrTime) => string {
  // Formatting a date costs a microsecond, and most records are from the same second as the last one.
  let second = Number.NaN;
  let prefix = '';
  return function timestamp([seconds, nanos]) {
    if (seconds !== second) {
      prefix = new Date(seconds * 1_000).toISOString().slice(0, 20);
      second = seconds;
    }
    return `${prefix}${String(Math.trunc(nanos / 1_000)).padStart(6, '0')}Z`;
  };
}
