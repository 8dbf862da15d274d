import { type HrTime, SpanKind, type SpanStatus, TraceFlags } from '@opentelemetry/api';
import type { BrowserEvent, BrowserSpan } from './browser-span.ts';
import { parseAttributes } from './parse-attributes.ts';
import { asArray, asRecord, sanitizeText } from './untrusted-values.ts';

/** Maximum difference between the clocks of browser and server, including the delay of a batch. */
const MAX_SKEW_SECONDS = 24 * 60 * 60;
const MAX_EVENTS = 128;
const MAX_NAME_LENGTH = 255;

// Span kinds that a page may send, by their numbers in OTLP.
const KINDS = new Map<unknown, BrowserSpan['kind']>([
  [0, SpanKind.INTERNAL],
  [1, SpanKind.INTERNAL],
  [3, SpanKind.CLIENT],
]);

/**
 * Parses a `Span` of OTLP/JSON. Links and trace state are ignored.
 *
 * A span without `flags` counts as sampled, because browsers only send sampled spans.
 * @param nowSeconds current time in seconds since 1970
 * @returns undefined if ids, times or kind are invalid, or the name is missing
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function parseSpan(value: unknown, nowSeconds: number): BrowserSpan | undefined {
  const fields = asRecord(value);
  const { flags } = fields;
  const traceId = parseId(fields.traceId, 32);
  const spanId = parseId(fields.spanId, 16);
  if (traceId === undefined || spanId === undefined) return undefined;
  const isChild = (fields.parentSpanId ?? '') !== '';
  const parentSpanId = isChild ? parseId(fields.parentSpanId, 16) : undefined;
  if (isChild && (parentSpanId === undefined || parentSpanId === spanId)) return undefined;
  const name = parseName(fields.name);
  const spanKind = KINDS.get(fields.kind ?? 0);
  const startTime = parseTime(fields.startTimeUnixNano, nowSeconds);
  const endTime = parseTime(fields.endTimeUnixNano, nowSeconds);
  if (!name || spanKind === undefined || !startTime || !endTime) return undefined;
  if (endTime[0] < startTime[0]) return undefined;
  if (endTime[0] === startTime[0] && endTime[1] < startTime[1]) return undefined;

  const sentEvents = asArray(fields.events);
  const events = sentEvents
    .slice(0, MAX_EVENTS)
    .flatMap((event) => parseEvent(event, nowSeconds) ?? []);
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    traceFlags: typeof flags === 'number' ? flags & TraceFlags.SAMPLED : TraceFlags.SAMPLED,
    name,
    kind: spanKind,
    startTime,
    endTime,
    status: parseStatus(fields.status),
    ...parseAttributes(fields.attributes),
    events,
    droppedEventsCount: sentEvents.length - events.length,
  };
}

function parseEvent(value: unknown, nowSeconds: number): BrowserEvent | undefined {
  const fields = asRecord(value);
  const name = parseName(fields.name);
  const time = parseTime(fields.timeUnixNano, nowSeconds);
  const { attributes } = parseAttributes(fields.attributes);
  return name && time ? { name, time, attributes } : undefined;
}

/** Returns the id in lowercase, or undefined if it is invalid or all zero. */
function parseId(value: unknown, length: number): string | undefined {
  const isId =
    typeof value === 'string' &&
    value.length === length &&
    /^[\da-f]+$/i.test(value) &&
    !/^0+$/.test(value);
  return isId ? value.toLowerCase() : undefined;
}

function parseName(value: unknown): string | undefined {
  return typeof value === 'string' ? sanitizeText(value, MAX_NAME_LENGTH) : undefined;
}

/** Parses nanoseconds since 1970. OTLP sends them as a string; numbers are also accepted. */
function parseTime(value: unknown, nowSeconds: number): HrTime | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{10,20}$/.test(text)) return undefined;
  const seconds = Number(text.slice(0, -9));
  return Math.abs(seconds - nowSeconds) > MAX_SKEW_SECONDS
    ? undefined
    : [seconds, Number(text.slice(-9))];
}

/** Parses a status. `STATUS_CODE_UNSET`, `_OK` and `_ERROR` have the same numbers in the API. */
function parseStatus(value: unknown): SpanStatus {
  const { code, message } = asRecord(value);
  if (code !== 1 && code !== 2) return { code: 0 };
  return typeof message === 'string' && message !== ''
    ? { code, message: sanitizeText(message) }
    : { code };
}
