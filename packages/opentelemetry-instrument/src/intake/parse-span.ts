import { type HrTime, SpanKind, type SpanStatus, TraceFlags } from '@opentelemetry/api';
import type { BrowserEvent, BrowserSpan } from './browser-span.ts';
import { asArray, asRecord } from './json-fields.ts';
import { parseAttributes } from './parse-attributes.ts';
import { sanitizeText } from './sanitize-text.ts';

/** Seconds by which a browser's clock may differ from ours, or a batch be late. */
const MAX_SKEW_SECONDS = 24 * 60 * 60;
const MAX_EVENTS = 128;
const MAX_NAME_LENGTH = 255;

// What a page does and what it asks for; by their numbers in OTLP.
const KINDS = new Map<unknown, BrowserSpan['kind']>([
  [0, SpanKind.INTERNAL],
  [1, SpanKind.INTERNAL],
  [3, SpanKind.CLIENT],
]);

/**
 * Reads a `Span` of OTLP/JSON; fields that are not ours to take are ignored: links, trace state.
 *
 * Without `flags` a span is sampled: it would not have been sent else.
 * @param now in seconds since 1970
 * @returns undefined for what is no span of a page: wrong ids, times, kind, or no name
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function parseSpan(value: unknown, now: number): BrowserSpan | undefined {
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
  const startTime = parseTime(fields.startTimeUnixNano, now);
  const endTime = parseTime(fields.endTimeUnixNano, now);
  if (!name || spanKind === undefined || !startTime || !endTime) return undefined;
  if (endTime[0] < startTime[0]) return undefined;
  if (endTime[0] === startTime[0] && endTime[1] < startTime[1]) return undefined;

  const sentEvents = asArray(fields.events);
  const events = sentEvents.slice(0, MAX_EVENTS).flatMap((event) => parseEvent(event, now) ?? []);
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

function parseEvent(value: unknown, now: number): BrowserEvent | undefined {
  const fields = asRecord(value);
  const name = parseName(fields.name);
  const time = parseTime(fields.timeUnixNano, now);
  const { attributes } = parseAttributes(fields.attributes);
  return name && time ? { name, time, attributes } : undefined;
}

/** In lower case, though OTLP/JSON takes both; all zero is no id. */
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

/** Nanoseconds since 1970: a text, as they are more than a number holds; a number is taken, too. */
function parseTime(value: unknown, now: number): HrTime | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{10,20}$/.test(text)) return undefined;
  const seconds = Number(text.slice(0, -9));
  return Math.abs(seconds - now) > MAX_SKEW_SECONDS ? undefined : [seconds, Number(text.slice(-9))];
}

/** `STATUS_CODE_UNSET`, `_OK` and `_ERROR` have the same numbers in the API. */
function parseStatus(value: unknown): SpanStatus {
  const { code, message } = asRecord(value);
  if (code !== 1 && code !== 2) return { code: 0 };
  return typeof message === 'string' && message !== ''
    ? { code, message: sanitizeText(message) }
    : { code };
}
