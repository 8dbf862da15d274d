import { type HrTime, SpanKind, type SpanStatus, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { toJsonSafeAttributes } from '../terminal/json-safe.ts';
import { contextDocument, resourceDocument } from './common-json.ts';

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
