import type { HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Spans and log records in the JSON of OTLP, as the Collector's file exporter writes them. */
export interface OtlpDocument {
  readonly resourceSpans?: readonly unknown[];
  readonly resourceLogs?: readonly unknown[];
}

/** Converts spans and log records to one document of OTLP JSON, by resource and scope. */
export function toOtlpDocument(
  spans: readonly ReadableSpan[],
  logs: readonly ReadableLogRecord[] = [],
): OtlpDocument {
  return {
    resourceSpans: group(spans, 'scopeSpans', 'spans', spanToJson),
    ...(logs.length > 0 && { resourceLogs: group(logs, 'scopeLogs', 'logRecords', logToJson) }),
  };
}

type Origin = Pick<ReadableSpan, 'resource' | 'instrumentationScope'>;

function group<T extends Origin>(
  records: readonly T[],
  scopesName: string,
  recordsName: string,
  toJson: (record: T) => unknown,
): unknown[] {
  const byResource = Map.groupBy(records, ({ resource }) => resource);
  return [...byResource].map(([resource, ofResource]) => ({
    resource: { attributes: attributesToJson(resource.attributes) },
    [scopesName]: [...Map.groupBy(ofResource, ({ instrumentationScope: s }) => s)].map(
      ([{ name, version }, ofScope]) => ({
        scope: { name, ...(version && { version }) },
        [recordsName]: ofScope.map(toJson),
      }),
    ),
  }));
}

function spanToJson(span: ReadableSpan) {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  return {
    traceId,
    spanId,
    ...(traceState && { traceState: traceState.serialize() }),
    ...(span.parentSpanContext && { parentSpanId: span.parentSpanContext.spanId }),
    flags: traceFlags,
    name: span.name,
    kind: span.kind + 1,
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: attributesToJson(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(({ name, time, attributes }) => ({
      timeUnixNano: nanos(time),
      name,
      attributes: attributesToJson(attributes),
    })),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes: attributesToJson(attributes),
    })),
    droppedLinksCount: span.droppedLinksCount,
    status: {
      ...(span.status.code !== 0 && { code: span.status.code }),
      ...(span.status.message && { message: span.status.message }),
    },
  };
}

function logToJson(record: ReadableLogRecord) {
  const { spanContext, severityNumber, severityText, eventName, body } = record;
  return {
    timeUnixNano: nanos(record.hrTime),
    observedTimeUnixNano: nanos(record.hrTimeObserved),
    ...(severityNumber !== undefined && { severityNumber }),
    ...(severityText && { severityText }),
    ...(eventName && { eventName }),
    ...(body !== undefined && { body: valueToJson(body) }),
    attributes: attributesToJson(record.attributes),
    droppedAttributesCount: record.droppedAttributesCount,
    ...(spanContext && { traceId: spanContext.traceId, spanId: spanContext.spanId }),
  };
}

/** JSON has no integers of 64 bits: OTLP writes them as strings. */
function nanos([seconds, rest]: HrTime): string {
  return String(BigInt(Math.trunc(seconds) || 0) * 1_000_000_000n + BigInt(Math.trunc(rest) || 0));
}

function attributesToJson(attributes: object = {}): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueToJson(value) }));
}

function valueToJson(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return { intValue: String(value) };
    case 'number':
      if (Number.isInteger(value)) return { intValue: String(value) };
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
  }
  if (value instanceof Uint8Array) return { bytesValue: toBase64(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueToJson) } };
  if (typeof value === 'object' && value !== null) {
    return { kvlistValue: { values: attributesToJson(value) } };
  }
  return {};
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
