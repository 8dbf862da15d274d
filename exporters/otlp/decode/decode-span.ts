import {
  createTraceState,
  type HrTime,
  type Link,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base';
import {
  asCount,
  asId,
  asList,
  asNumber,
  asObject,
  asText,
  asTime,
  type JsonObject,
} from '../json-values.ts';
import { decodeAttributes } from './decode-attributes.ts';

/** Events and links of one span. More are counted as dropped. */
const MAX_ITEMS = 1_000;
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Decodes a `Span`; undefined if its ids are invalid. */
export function decodeSpan(
  value: unknown,
  resource: Resource,
  instrumentationScope: InstrumentationScope,
): ReadableSpan | undefined {
  const span = asObject(value);
  const context = decodeContext(span);
  if (context === undefined) return undefined;
  const { attributes, droppedAttributesCount } = decodeAttributes(span);
  const startTime = asTime(span.startTimeUnixNano);
  const endTime = asTime(span.endTimeUnixNano);
  const events = asList(span.events);
  const links = asList(span.links);
  const parentSpanContext = decodeParent(span, context);
  return {
    name: asText(span.name),
    kind: decodeKind(span.kind),
    spanContext: () => context,
    ...(parentSpanContext && { parentSpanContext }),
    startTime,
    endTime,
    duration: durationBetween(startTime, endTime),
    ended: true,
    status: decodeStatus(asObject(span.status)),
    attributes,
    droppedAttributesCount,
    events: events.slice(0, MAX_ITEMS).map(decodeEvent),
    droppedEventsCount: asCount(span.droppedEventsCount) + Math.max(0, events.length - MAX_ITEMS),
    links: links.slice(0, MAX_ITEMS).flatMap(decodeLink),
    droppedLinksCount: asCount(span.droppedLinksCount) + Math.max(0, links.length - MAX_ITEMS),
    resource,
    instrumentationScope,
  };
}

/** Decodes the ids of a span, link or log record; undefined if one is invalid. */
export function decodeContext(message: JsonObject): SpanContext | undefined {
  const traceId = asId(message.traceId, 32);
  const spanId = asId(message.spanId, 16);
  if (traceId === undefined || spanId === undefined) return undefined;
  const traceFlags =
    message.flags === undefined ? TraceFlags.SAMPLED : asCount(message.flags) & 0xff;
  const traceState = asText(message.traceState);
  if (!traceState) return { traceId, spanId, traceFlags };
  return { traceId, spanId, traceFlags, traceState: createTraceState(traceState) };
}

function decodeParent(
  { parentSpanId, flags }: JsonObject,
  { traceId, traceFlags }: SpanContext,
): SpanContext | undefined {
  const spanId = asId(parentSpanId, 16);
  if (spanId === undefined) return undefined;
  const known = asCount(flags);
  if ((known & HAS_IS_REMOTE) === 0) return { traceId, spanId, traceFlags };
  return { traceId, spanId, traceFlags, isRemote: (known & IS_REMOTE) !== 0 };
}

/** Converts a kind: OTLP's values begin with "unspecified", the SDK's do not. */
function decodeKind(value: unknown): SpanKind {
  const kind = asNumber(value) - 1;
  return kind in SpanKind ? kind : SpanKind.INTERNAL;
}

function decodeStatus({ code, message }: JsonObject): ReadableSpan['status'] {
  const number = asNumber(code);
  const known: SpanStatusCode = number in SpanStatusCode ? number : SpanStatusCode.UNSET;
  return asText(message) ? { code: known, message: asText(message) } : { code: known };
}

function decodeEvent(value: unknown): TimedEvent {
  const event = asObject(value);
  return { time: asTime(event.timeUnixNano), name: asText(event.name), ...decodeAttributes(event) };
}

function decodeLink(value: unknown): Link[] {
  const link = asObject(value);
  const context = decodeContext(link);
  return context ? [{ context, ...decodeAttributes(link) }] : [];
}

/** Returns a duration; 0 for a span that ends before it starts. */
function durationBetween([seconds, nanos]: HrTime, [endSeconds, endNanos]: HrTime): HrTime {
  let wholeSeconds = endSeconds - seconds;
  let rest = endNanos - nanos;
  if (rest < 0) {
    wholeSeconds -= 1;
    rest += 1_000_000_000;
  }
  return wholeSeconds < 0 ? [0, 0] : [wholeSeconds, rest];
}
