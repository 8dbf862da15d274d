import type { HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { plainAttributes, plainValue } from '../terminal/json-safe.ts';
import { resourceDocument } from './common-json.ts';

/** A log record in the shape of OpenTelemetry Python's `ReadableLogRecord.to_json()`. */
export function logDocument(
  record: ReadableLogRecord,
  timestamp: (time: HrTime) => string,
): object {
  const context = record.spanContext;
  return {
    body: plainValue(record.body),
    severity_number: record.severityNumber ?? 0,
    severity_text: record.severityText ?? null,
    attributes: plainAttributes(record.attributes),
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
