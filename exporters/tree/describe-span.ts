import { type AttributeValue, type HrTime, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Segment, Style } from '../terminal/line.ts';

/** `GET /tasks/:id 200 4.2 ms`, for the head of a tree and for each span below it. */
export function describeSpan(span: ReadableSpan, nameStyle: Style): Segment[] {
  const segments: Segment[] = [];
  const isError = span.status.code === SpanStatusCode.ERROR;
  if (isError) segments.push({ text: '✗ ', style: 'boldRed' });
  segments.push({ text: spanName(span), style: isError ? 'boldRed' : nameStyle, shrinks: true });
  const status = attribute(span, 'http.response.status_code', 'http.status_code');
  if (status) segments.push({ text: ` ${status}`, style: statusStyle(status) });
  segments.push({ text: ` ${duration(span.duration)}` });
  return segments;
}

/** Whose it is, where it came from a browser: whoever can reach the server may have made it up. */
export function describeBrowser({ resource: { attributes } }: ReadableSpan): Segment[] {
  if (attributes['telemetry.sdk.language'] !== 'webjs') return [];
  return [{ text: `${attributes['service.name']} `, style: 'dim' }];
}

/** What a span was about beyond its name: why it failed, its SQL, the URL it called. */
export function describeDetail(span: ReadableSpan): Segment[] {
  const segments: Segment[] = [];
  const problem = describeProblem(span);
  if (problem) segments.push({ text: `  ${problem}`, style: 'red' });
  const detail = attribute(span, 'db.query.text', 'db.statement', 'url.full', 'http.url');
  if (detail) segments.push({ text: `  ${detail.replace(/\s+/g, ' ').trim()}`, style: 'dim' });
  return segments;
}

/** Why a span failed, unless an exception on a line of its own or the HTTP status says it. */
export function describeProblem(span: ReadableSpan): string | undefined {
  if (span.status.code !== SpanStatusCode.ERROR) return undefined;
  if (span.events.some((event) => event.name === 'exception')) return undefined;
  if (span.status.message) return span.status.message;
  const type = attribute(span, 'error.type');
  return type === attribute(span, 'http.response.status_code') ? undefined : type;
}

/** The span's name, with the path where no route says what was asked for. */
function spanName(span: ReadableSpan): string {
  const path = attribute(span, 'url.path', 'http.target');
  return path && !attribute(span, 'http.route') ? `${span.name} ${path}` : span.name;
}

function statusStyle(status: string): Style {
  switch (status[0]) {
    case '4':
      return 'yellow';
    case '5':
      return 'boldRed';
    default:
      return 'green';
  }
}

function duration([seconds, nanos]: HrTime): string {
  const millis = seconds * 1_000 + nanos / 1_000_000;
  if (millis < 1) return `${millis.toFixed(2)} ms`;
  if (millis < 100) return `${millis.toFixed(1)} ms`;
  return millis < 1_000 ? `${millis.toFixed(0)} ms` : `${(millis / 1_000).toFixed(2)} s`;
}

function attribute(span: ReadableSpan, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value: AttributeValue | undefined = span.attributes[key];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return undefined;
}
