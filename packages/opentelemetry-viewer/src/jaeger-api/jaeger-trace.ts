import { type HrTime, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base';
import { type StoredTrace, serviceOf } from '../store/index.ts';
import { jaegerKind } from './search.ts';

/** A trace as Jaeger's pages load it: `GET /api/traces/{id}`. Times are microseconds. */
export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, JaegerProcess>>;
  readonly warnings: null;
}

interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly JaegerReference[];
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: readonly { readonly timestamp: number; readonly fields: readonly JaegerTag[] }[];
  readonly processID: string;
  readonly warnings: null;
}

interface JaegerReference {
  refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  readonly traceID: string;
  readonly spanID: string;
}

interface JaegerProcess {
  readonly serviceName: string;
  readonly tags: readonly JaegerTag[];
}

interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  readonly value: string | number | boolean;
}

/** Converts a trace to Jaeger's own model. */
export function toJaegerTrace({ traceId, spans }: StoredTrace): JaegerTrace {
  const processes: Record<string, JaegerProcess> = {};
  const idsByResource = new Map<object, string>();
  const idsByContent = new Map<string, string>();

  function processId(span: ReadableSpan): string {
    const known = idsByResource.get(span.resource);
    if (known !== undefined) return known;
    const process = toProcess(span);
    const content = JSON.stringify(process);
    const id = idsByContent.get(content) ?? `p${idsByContent.size + 1}`;
    idsByResource.set(span.resource, id);
    idsByContent.set(content, id);
    processes[id] = process;
    return id;
  }

  return {
    traceID: traceId,
    spans: spans.map((span) => ({
      traceID: traceId,
      spanID: span.spanContext().spanId,
      operationName: span.name,
      references: toReferences(span),
      startTime: micros(span.startTime),
      duration: micros(span.duration),
      tags: toTags(span),
      logs: span.events.map(toLog),
      processID: processId(span),
      warnings: null,
    })),
    processes,
    warnings: null,
  };
}

function toProcess({ resource }: ReadableSpan): JaegerProcess {
  const { 'service.name': _, ...attributes } = resource.attributes;
  return { serviceName: serviceOf({ resource }), tags: attributeTags(attributes) };
}

/** Returns the parent, then the links. A link to the parent only sets the parent's type. */
function toReferences(span: ReadableSpan): JaegerReference[] {
  const { traceId } = span.spanContext();
  const references: JaegerReference[] = [];
  const parentId = span.parentSpanContext?.spanId;
  if (parentId) references.push({ refType: 'CHILD_OF', traceID: traceId, spanID: parentId });
  for (const { context, attributes } of span.links) {
    const refType =
      attributes?.['opentracing.ref_type'] === 'child_of' ? 'CHILD_OF' : 'FOLLOWS_FROM';
    const [parent] = references;
    if (parentId && parent && context.traceId === traceId && context.spanId === parentId) {
      parent.refType = refType;
    } else {
      references.push({ refType, traceID: context.traceId, spanID: context.spanId });
    }
  }
  return references;
}

function toTags(span: ReadableSpan): JaegerTag[] {
  const { name, version } = span.instrumentationScope;
  const { code, message } = span.status;
  return [
    ...stringTag('otel.scope.name', name),
    ...stringTag('otel.scope.version', version),
    ...attributeTags(span.attributes),
    ...stringTag('span.kind', jaegerKind(span.kind)),
    ...stringTag('otel.status_code', code === SpanStatusCode.UNSET ? '' : SpanStatusCode[code]),
    ...(code === SpanStatusCode.ERROR
      ? [{ key: 'error', type: 'bool' as const, value: true }]
      : []),
    ...stringTag('otel.status_description', message),
    ...stringTag('w3c.tracestate', span.spanContext().traceState?.serialize()),
  ];
}

function stringTag(key: string, value: string | undefined): JaegerTag[] {
  return value ? [{ key, type: 'string', value }] : [];
}

function toLog({ name, time, attributes = {} }: TimedEvent): JaegerSpan['logs'][number] {
  const event = Object.hasOwn(attributes, 'event') ? [] : stringTag('event', name);
  return { timestamp: micros(time), fields: [...event, ...attributeTags(attributes)] };
}

function attributeTags(attributes: Readonly<Record<string, unknown>>): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]) => toTag(key, value));
}

function toTag(key: string, value: unknown): JaegerTag {
  switch (typeof value) {
    case 'string':
      return { key, type: 'string', value };
    case 'boolean':
      return { key, type: 'bool', value };
    case 'bigint':
      return { key, type: 'int64', value: isSafe(Number(value)) ? Number(value) : String(value) };
    case 'number':
      // JSON has neither NaN nor infinities; integers beyond 2^53 are strings in Jaeger, too.
      if (!Number.isFinite(value)) return { key, type: 'float64', value: String(value) };
      if (!Number.isInteger(value)) return { key, type: 'float64', value };
      return { key, type: 'int64', value: isSafe(value) ? value : BigInt(value).toString() };
    default:
      if (value instanceof Uint8Array) return { key, type: 'binary', value: base64(value) };
      return { key, type: 'string', value: valueAsJson(value) };
  }
}

function isSafe(value: number): boolean {
  return Number.isSafeInteger(value);
}

function valueAsJson(value: unknown): string {
  if (value === undefined || value === null) return '';
  try {
    return (
      JSON.stringify(value, (_, part: unknown) => {
        if (typeof part === 'bigint') return String(part);
        return part instanceof Uint8Array ? base64(part) : part;
      }) ?? ''
    );
  } catch {
    return '[circular]';
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Returns whole microseconds; 0 for a negative or invalid time, as Jaeger's are unsigned. */
function micros([seconds, nanos]: HrTime): number {
  const value = seconds * 1_000_000 + Math.floor(nanos / 1_000);
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
