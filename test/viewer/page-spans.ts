import {
  type Attributes,
  type HrTime,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

export interface SpanInput {
  readonly traceId?: string;
  readonly id: string;
  readonly parent?: string;
  readonly name?: string;
  readonly service?: string;
  readonly kind?: SpanKind;
  /** Milliseconds since 1970. */
  readonly start?: number;
  /** Milliseconds. */
  readonly duration?: number;
  readonly attributes?: Attributes;
  readonly error?: string;
  readonly events?: ReadableSpan['events'];
  readonly links?: ReadableSpan['links'];
}

export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
/** 2026-11-29T10:00:00Z. */
export const NOON = 1_795_946_400_000;

const resources = new Map<string, Resource>();

/** Makes a span without an SDK, so that every id and time can be chosen. Short ids are padded. */
export function makeSpan(input: SpanInput): ReadableSpan {
  const { traceId = TRACE_ID, start = NOON, duration = 10, service = 'todo', error } = input;
  const context = (id: string) => ({
    traceId,
    spanId: id.padStart(16, '0'),
    traceFlags: TraceFlags.SAMPLED,
  });
  return {
    name: input.name ?? input.id,
    kind: input.kind ?? SpanKind.INTERNAL,
    spanContext: () => context(input.id),
    ...(input.parent && { parentSpanContext: context(input.parent) }),
    startTime: toHrTime(start),
    endTime: toHrTime(start + duration),
    duration: toHrTime(duration),
    status:
      error === undefined
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: error },
    attributes: input.attributes ?? {},
    events: input.events ?? [],
    links: input.links ?? [],
    ended: true,
    resource: serviceResource(service),
    instrumentationScope: { name: 'test', version: '1.0' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

export interface LogInput {
  readonly traceId?: string;
  readonly span?: string;
  readonly time?: number;
  readonly severity?: number;
  readonly body?: string;
  readonly attributes?: Attributes;
}

export function makeLog({
  span,
  severity = 9,
  body = 'hello',
  ...input
}: LogInput): ReadableLogRecord {
  const { time = NOON, traceId = TRACE_ID, attributes = {} } = input;
  return {
    hrTime: toHrTime(time),
    hrTimeObserved: toHrTime(time),
    ...(span && {
      spanContext: { traceId, spanId: span.padStart(16, '0'), traceFlags: TraceFlags.SAMPLED },
    }),
    severityNumber: severity,
    body,
    attributes,
    resource: serviceResource('todo'),
    instrumentationScope: { name: 'test', version: '1.0' },
    droppedAttributesCount: 0,
  };
}

export function toHrTime(millis: number): HrTime {
  const seconds = Math.floor(millis / 1_000);
  return [seconds, Math.round((millis - seconds * 1_000) * 1e6)];
}

function serviceResource(service: string): Resource {
  const known = resources.get(service);
  if (known) return known;
  const created = resourceFromAttributes({ 'service.name': service });
  resources.set(service, created);
  return created;
}

/** Creates a page load that calls an app, which queries its database, logs and fails. */
export function makePageTrace(traceId = TRACE_ID, start = NOON, isFailed = false): ReadableSpan[] {
  const at = { traceId };
  const sql = (id: string, offset: number, text: string) =>
    makeSpan({
      ...at,
      id,
      parent: 'c1',
      kind: SpanKind.CLIENT,
      name: `${text.split(' ')[0]} tasks`,
      start: start + offset,
      duration: 4,
      attributes: { 'db.system.name': 'sqlite', 'db.query.text': text },
    });
  return [
    makeSpan({
      ...at,
      id: 'a1',
      name: 'POST /add',
      service: 'todo-web',
      start,
      duration: 40,
      attributes: { 'url.path': '/add' },
    }),
    makeSpan({
      ...at,
      id: 'b1',
      parent: 'a1',
      name: 'fetch',
      service: 'todo-web',
      kind: SpanKind.CLIENT,
      start: start + 2,
      duration: 34,
      attributes: { 'url.full': 'http://localhost:5000/add' },
    }),
    makeSpan({
      ...at,
      id: 'c1',
      parent: 'b1',
      name: 'POST /add',
      kind: SpanKind.SERVER,
      start: start + 5,
      duration: 28,
      attributes: {
        'http.route': '/add',
        'http.request.method': 'POST',
        'http.response.status_code': isFailed ? 500 : 303,
        'url.path': '/add',
      },
      ...(isFailed && {
        error: 'the disk is full',
        events: [
          {
            name: 'exception',
            time: toHrTime(start + 30),
            attributes: {
              'exception.type': 'StoreError',
              'exception.message': 'the disk is full',
              'exception.stacktrace': 'StoreError: the disk is full\n    at add (store.ts:12:3)',
            },
          },
        ],
      }),
    }),
    sql('d1', 8, 'insert into "tasks" ("title") values (?) returning "id"'),
    sql('e1', 16, 'select "id", "title" from "tasks" where "completed" = ? order by "id" limit ?'),
  ];
}
