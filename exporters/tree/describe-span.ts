import { type AttributeValue, type HrTime, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Segment, Style } from '../terminal/line.ts';

/** Describes a span: `GET /tasks/:id 200 4.2 ms`. */
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

/** Returns the service name of a browser's span, which may be forged; nothing for other spans. */
export function describeBrowser({ resource: { attributes } }: ReadableSpan): Segment[] {
  if (attributes['telemetry.sdk.language'] !== 'webjs') return [];
  return [{ text: `${attributes['service.name']} `, style: 'dim' }];
}

/** Describes the details of a span: why it failed, its SQL, the URL it called. */
export function describeDetail(span: ReadableSpan): Segment[] {
  const segments: Segment[] = [];
  const problem = describeSpanError(span);
  if (problem) segments.push({ text: `  ${problem}`, style: 'red' });
  const detail = attribute(span, 'db.query.text', 'db.statement', 'url.full', 'http.url');
  if (detail) segments.push({ text: `  ${detail.replace(/\s+/g, ' ').trim()}`, style: 'dim' });
  return segments;
}

/** Returns why a span failed, unless an exception on a separate line or the HTTP status shows it. */
export function describeSpanError(span: ReadableSpan): string | undefined {
  if (span.status.code !== SpanStatusCode.ERROR) return undefined;
  if (span.events.some((event) => event.name === 'exception')) return undefined;
  if (span.status.message) return span.status.message;
  const type = attribute(span, 'error.type');
  return type === attribute(span, 'http.response.status_code') ? undefined : type;
}

/** Returns the span's name, followed by the path if the span has no route. */
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
