import type { HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { toJsonSafe, toJsonSafeAttributes } from '../terminal/json-safe.ts';
import { resourceDocument } from './common-json.ts';

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
