import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ProtobufWriter } from './protobuf-writer.ts';
import { writeAnyValue, writeAttributes } from './write-attributes.ts';

/**
 * Writes a `LogRecord`.
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto
 */
export function writeLogRecord(
  writer: ProtobufWriter,
  field: number,
  record: ReadableLogRecord,
): void {
  const { severityNumber, severityText, body, spanContext, eventName } = record;
  const start = writer.begin(field);
  writer.time(1, record.hrTime);
  if (severityNumber) writer.varint(2, severityNumber);
  if (severityText) writer.string(3, severityText);
  if (body !== undefined) writeAnyValue(writer, 5, { body }, 'body');
  writeAttributes(writer, 6, record.attributes);
  writer.varint(7, record.droppedAttributesCount);
  if (spanContext?.traceFlags) writer.fixed32(8, spanContext.traceFlags);
  if (spanContext?.traceId) writer.id(9, spanContext.traceId, 32);
  if (spanContext?.spanId) writer.id(10, spanContext.spanId, 16);
  writer.time(11, record.hrTimeObserved);
  if (eventName) writer.string(12, eventName);
  writer.end(start);
}
