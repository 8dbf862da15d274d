import { type AttributeValue, type HrTime, type SpanContext, TraceFlags } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Records of an opened file. */
export interface OpenedFile {
  readonly spans: readonly ReadableSpan[];
  readonly logs: readonly ReadableLogRecord[];
}

const MAX_DEPTH = 20;

/**
 * Reads the traces and logs of a file: OTLP JSON, the Collector's file exporter (one document a
 * line), Jaeger's API v3 (`{"result":…}`) or Jaeger's "Trace JSON" (`{"data":[…]}`).
 * @returns undefined when the file is none of these
 */
export function readTelemetryFile(text: string): OpenedFile | undefined {
  const documents = parseDocuments(text);
  if (!documents) return undefined;
  const spans: ReadableSpan[] = [];
  const logs: ReadableLogRecord[] = [];
  for (const document of documents) {
    const request = asObject(document.result ?? document);
    for (const group of readScopes(request, 'resourceSpans', 'scopeSpans', 'spans')) {
      spans.push(...group.records.flatMap((span) => readSpan(span, group.origin) ?? []));
    }
    for (const group of readScopes(request, 'resourceLogs', 'scopeLogs', 'logRecords')) {
      logs.push(...group.records.map((record) => readLog(record, group.origin)));
    }
    for (const trace of asObjects(document.data)) spans.push(...readJaegerTrace(trace));
  }
  return spans.length + logs.length > 0 ? { spans, logs } : undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;
type Origin = Pick<ReadableSpan, 'resource' | 'instrumentationScope'>;

function parseDocuments(text: string): readonly JsonObject[] | undefined {
  try {
    return [asObject(JSON.parse(text))];
  } catch {
    try {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => asObject(JSON.parse(line)));
    } catch {
      return undefined;
    }
  }
}

function readScopes(request: JsonObject, resources: string, scopes: string, records: string) {
  return asObjects(request[resources]).flatMap((ofResource) => {
    const attributes = readAttributes(asObject(ofResource.resource).attributes);
    const resource = resourceFromAttributes(attributes);
    return asObjects(ofResource[scopes]).map((ofScope) => {
      const { name, version } = asObject(ofScope.scope);
      const instrumentationScope = { name: asString(name), version: asString(version) };
      const origin: Origin = { resource, instrumentationScope };
      return { origin, records: asObjects(ofScope[records]) };
    });
  });
}

function readSpan(json: JsonObject, origin: Origin): ReadableSpan | undefined {
  const context = readContext(json.traceId, json.spanId);
  if (!context) return undefined;
  const startTime = readNanos(json.startTimeUnixNano);
  const endTime = readNanos(json.endTimeUnixNano);
  const status = asObject(json.status);
  const code = Number(status.code);
  return createSpan(origin, {
    context,
    parent: readContext(context.traceId, json.parentSpanId),
    name: asString(json.name),
    kind: Math.min(4, Math.max(0, (Number(json.kind) || 1) - 1)),
    startTime,
    endTime,
    attributes: readAttributes(json.attributes),
    status: { code: code === 1 || code === 2 ? code : 0, message: asString(status.message) },
    events: asObjects(json.events).map(({ timeUnixNano, name, attributes }) => ({
      time: readNanos(timeUnixNano),
      name: asString(name),
      attributes: readAttributes(attributes),
    })),
    links: asObjects(json.links).flatMap((link) => {
      const linked = readContext(link.traceId, link.spanId);
      return linked ? [{ context: linked, attributes: readAttributes(link.attributes) }] : [];
    }),
  });
}

interface SpanFields
  extends Pick<
    ReadableSpan,
    'name' | 'kind' | 'startTime' | 'endTime' | 'attributes' | 'status' | 'events' | 'links'
  > {
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
}

function createSpan(origin: Origin, { context, parent, ...fields }: SpanFields): ReadableSpan {
  return {
    ...fields,
    ...origin,
    ...(parent && { parentSpanContext: parent }),
    spanContext: () => context,
    duration: difference(fields.startTime, fields.endTime),
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function readLog(json: JsonObject, origin: Origin): ReadableLogRecord {
  const spanContext = readContext(json.traceId, json.spanId);
  const severity = Number(json.severityNumber);
  return {
    ...origin,
    hrTime: readNanos(json.timeUnixNano ?? json.observedTimeUnixNano),
    hrTimeObserved: readNanos(json.observedTimeUnixNano ?? json.timeUnixNano),
    ...(spanContext && { spanContext }),
    ...(severity >= 1 && severity <= 24 && { severityNumber: Math.trunc(severity) }),
    severityText: asString(json.severityText),
    eventName: asString(json.eventName),
    body: readValue(json.body),
    attributes: readAttributes(json.attributes),
    droppedAttributesCount: 0,
  };
}

const JAEGER_KINDS = ['internal', 'server', 'client', 'producer', 'consumer'];

/** Reads one trace of Jaeger's older API, whose times are microseconds. */
function readJaegerTrace(trace: JsonObject): ReadableSpan[] {
  const origins = new Map<string, Origin>();
  for (const [id, value] of Object.entries(asObject(trace.processes))) {
    const { serviceName, tags } = asObject(value);
    const attributes = { ...readJaegerTags(tags), 'service.name': asString(serviceName) };
    const instrumentationScope = { name: '', version: '' };
    origins.set(id, { resource: resourceFromAttributes(attributes), instrumentationScope });
  }
  return asObjects(trace.spans).flatMap((json) => {
    const context = readContext(json.traceID, json.spanID);
    const origin = origins.get(asString(json.processID));
    if (!context || !origin) return [];
    const { 'span.kind': kind, error, ...attributes } = readJaegerTags(json.tags);
    const [parent] = asObjects(json.references).filter(({ refType }) => refType === 'CHILD_OF');
    const startTime = readMicros(json.startTime);
    return createSpan(origin, {
      context,
      parent: parent && readContext(context.traceId, parent.spanID),
      name: asString(json.operationName),
      kind: Math.max(0, JAEGER_KINDS.indexOf(String(kind))),
      startTime,
      endTime: readMicros((Number(json.startTime) || 0) + (Number(json.duration) || 0)),
      attributes,
      status: { code: error === true || error === 'true' ? 2 : 0 },
      events: asObjects(json.logs).map(({ timestamp, fields }) => {
        const { event, ...rest } = readJaegerTags(fields);
        return { time: readMicros(timestamp), name: String(event ?? ''), attributes: rest };
      }),
      links: [],
    });
  });
}

function readJaegerTags(tags: unknown): Record<string, AttributeValue> {
  return Object.fromEntries(
    asObjects(tags).map(({ key, value }) => [asString(key), toAttribute(value)]),
  );
}

function readContext(traceId: unknown, spanId: unknown): SpanContext | undefined {
  const trace = asString(traceId).toLowerCase().padStart(32, '0');
  const span = asString(spanId).toLowerCase().padStart(16, '0');
  const isValid = /^[0-9a-f]{32}$/.test(trace) && /^[0-9a-f]{16}$/.test(span);
  if (!isValid || /^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  return { traceId: trace, spanId: span, traceFlags: TraceFlags.SAMPLED };
}

function readAttributes(list: unknown, depth = 0): Record<string, AttributeValue> {
  return Object.fromEntries(
    asObjects(list).map(({ key, value }) => [asString(key), toAttribute(readValue(value, depth))]),
  );
}

function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  }
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

type JsonValue =
  | string
  | number
  | boolean
  | undefined
  | JsonValue[]
  | { readonly [key: string]: JsonValue };

function readValue(json: unknown, depth = 0): JsonValue {
  const value = asObject(json);
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (typeof value.bytesValue === 'string') return value.bytesValue;
  if (depth >= MAX_DEPTH) return undefined;
  if (value.arrayValue !== undefined) {
    const values = asArray(asObject(value.arrayValue).values);
    return values.map((each) => readValue(each, depth + 1));
  }
  if (value.kvlistValue === undefined) return undefined;
  return Object.fromEntries(
    asObjects(asObject(value.kvlistValue).values).map((pair) => [
      asString(pair.key),
      readValue(pair.value, depth + 1),
    ]),
  );
}

function readNanos(value: unknown): HrTime {
  const digits = String(value ?? 0);
  if (!/^\d{1,20}$/.test(digits)) return [0, 0];
  return [Number(digits.slice(0, -9)), Number(digits.slice(-9))];
}

function readMicros(value: unknown): HrTime {
  const micros = Number(value) || 0;
  return [Math.floor(micros / 1e6), Math.round(micros % 1e6) * 1_000];
}

function difference([seconds, nanos]: HrTime, [endSeconds, endNanos]: HrTime): HrTime {
  const rest = endNanos - nanos;
  const whole = endSeconds - seconds;
  if (whole < 0 || (whole === 0 && rest < 0)) return [0, 0];
  return rest < 0 ? [whole - 1, rest + 1_000_000_000] : [whole, rest];
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asObjects(value: unknown): readonly JsonObject[] {
  return asArray(value).map(asObject);
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
