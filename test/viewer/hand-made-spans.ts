import {
  type Attributes,
  createTraceState,
  type HrTime,
  type Link,
  SpanKind,
  SpanStatusCode,
} from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Fields of a span that a test sets; the others have defaults. */
export interface SpanFields {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: SpanKind;
  /** Microseconds after `START_MS`. */
  readonly startMicros?: number;
  readonly micros?: number;
  readonly attributes?: Attributes;
  readonly resource: Resource;
  readonly events?: readonly { readonly name: string; readonly attributes?: Attributes }[];
  readonly links?: readonly Link[];
  readonly error?: string;
  readonly traceState?: string;
}

/** 2026-11-29T10:00:00Z, when the first hand-made span starts. */
export const START_MS = Date.UTC(2026, 10, 29, 10);

export const todo: Resource = resourceFromAttributes({
  'service.name': 'todo',
  'service.instance.id': 'one',
});
export const web: Resource = resourceFromAttributes({ 'service.name': 'todo-web' });

function toHrTime(micros: number): HrTime {
  return [Math.floor(micros / 1e6), Math.round(micros % 1e6) * 1_000];
}

/** Makes an ended span as the SDK passes it to an exporter. */
export function makeSpan(fields: SpanFields): ReadableSpan {
  const { traceId, spanId, parentSpanId, startMicros = 0, micros = 1_000, error } = fields;
  const start = START_MS * 1_000 + startMicros;
  const context = { traceId, spanId, traceFlags: 1 };
  const traceState = fields.traceState ? createTraceState(fields.traceState) : undefined;
  return {
    name: fields.name,
    kind: fields.kind ?? SpanKind.INTERNAL,
    spanContext: () => ({ ...context, ...(traceState && { traceState }) }),
    ...(parentSpanId && { parentSpanContext: { ...context, spanId: parentSpanId } }),
    startTime: toHrTime(start),
    endTime: toHrTime(start + micros),
    duration: toHrTime(micros),
    status:
      error === undefined
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: error },
    attributes: fields.attributes ?? {},
    links: [...(fields.links ?? [])],
    events: (fields.events ?? []).map((event) => ({ ...event, time: toHrTime(start) })),
    ended: true,
    resource: fields.resource,
    instrumentationScope: { name: 'hand-made', version: '1.0' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

export const ADD_TRACE = '0af7651916cd43dd8448eb211c80319c';
export const ERROR_TRACE = '00000000000000000000000000000abc';

/** Two traces: one from the page over the server to the SQL, and a later one that fails. */
export const handMadeSpans: readonly ReadableSpan[] = [
  makeSpan({
    traceId: ADD_TRACE,
    spanId: 'b7ad6b7169203331',
    name: 'click',
    micros: 5_000,
    resource: web,
  }),
  makeSpan({
    traceId: ADD_TRACE,
    spanId: 'b7ad6b7169203332',
    parentSpanId: 'b7ad6b7169203331',
    name: 'POST /add',
    kind: SpanKind.SERVER,
    startMicros: 1_001,
    micros: 3_132,
    attributes: { 'url.path': '/add', 'http.response.status_code': 303, ratio: 0.5, cached: false },
    resource: todo,
    traceState: 'vendor=1',
  }),
  makeSpan({
    traceId: ADD_TRACE,
    spanId: 'b7ad6b7169203333',
    parentSpanId: 'b7ad6b7169203332',
    name: 'INSERT tasks',
    kind: SpanKind.CLIENT,
    startMicros: 2_000,
    attributes: { 'db.system.name': 'sqlite', tags: ['a', 'b'] },
    // The same service in another export request.
    resource: resourceFromAttributes(todo.attributes),
  }),
  makeSpan({
    traceId: ERROR_TRACE,
    spanId: 'b7ad6b7169203334',
    name: 'POST /demo/error',
    kind: SpanKind.SERVER,
    startMicros: 60_000_000,
    micros: 40_000,
    attributes: { 'url.path': '/demo/error', 'http.response.status_code': 500 },
    error: 'thrown on purpose',
    events: [{ name: 'exception', attributes: { 'exception.type': 'Error' } }],
    links: [{ context: { traceId: ADD_TRACE, spanId: 'b7ad6b7169203332', traceFlags: 1 } }],
    resource: todo,
  }),
];
