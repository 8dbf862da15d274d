import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Measured on Node for an ended span or log record without attributes, with its place in an index. */
const RECORD_BYTES = 400;
/** A property and a short value. */
const PROPERTY_BYTES = 24;
/** The decoder of OTLP shares shorter strings, and programs share their keys. */
const MAX_SHARED_LENGTH = 256;
/** Values nested deeper are not measured; the decoder of OTLP does not let deeper ones through. */
const MAX_DEPTH = 32;

/** Returns the estimated memory of a span, in bytes, without its resource. */
export function sizeOfSpan(span: ReadableSpan): number {
  let bytes = RECORD_BYTES + span.name.length + sizeOfAttributes(span.attributes);
  bytes += sizeOfScope(span);
  for (const event of span.events) {
    bytes += RECORD_BYTES / 4 + event.name.length + sizeOfAttributes(event.attributes);
  }
  for (const link of span.links) bytes += RECORD_BYTES / 2 + sizeOfAttributes(link.attributes);
  return bytes + (span.status.message?.length ?? 0);
}

/** Returns the estimated memory of a log record, in bytes, without its resource. */
export function sizeOfLog(record: ReadableLogRecord): number {
  const { attributes, body, severityText, eventName } = record;
  const texts = (severityText?.length ?? 0) + (eventName?.length ?? 0);
  return (
    RECORD_BYTES + texts + sizeOfScope(record) + sizeOfAttributes(attributes) + sizeOfValue(body, 0)
  );
}

/** Returns the estimated memory of attributes, in bytes. */
export function sizeOfAttributes(attributes: object | undefined, depth = 0): number {
  let bytes = 0;
  for (const key in attributes) {
    const value = (attributes as Record<string, unknown>)[key];
    bytes += PROPERTY_BYTES + (typeof value === 'string' ? value.length : 0);
    if (key.length > MAX_SHARED_LENGTH) bytes += key.length;
    if (typeof value === 'object') bytes += sizeOfValue(value, depth);
  }
  return bytes;
}

/** Returns the memory of a scope that only a hostile sender has. Ordinary ones are short and shared. */
function sizeOfScope({ instrumentationScope }: Pick<ReadableSpan, 'instrumentationScope'>): number {
  const { name, version = '', schemaUrl = '' } = instrumentationScope;
  const length = name.length + version.length + schemaUrl.length;
  return length > MAX_SHARED_LENGTH ? length : 0;
}

function sizeOfValue(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return 0;
  if (value instanceof Uint8Array) return value.byteLength;
  return sizeOfAttributes(value, depth + 1);
}
