import { type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  abbreviateSql,
  requestTarget,
  spanAttribute,
} from 'opentelemetry-instrument-exporters/describe';

/** Converts a time of the SDK to milliseconds; an invalid one to 0. */
export function toMillis([seconds, nanos]: HrTime): number {
  const millis = seconds * 1_000 + nanos / 1_000_000;
  return Number.isFinite(millis) ? millis : 0;
}

export function spanStart(span: ReadableSpan): number {
  return toMillis(span.startTime);
}

/** Returns the duration in milliseconds; 0 for a span that ends before it starts. */
export function spanMillis(span: ReadableSpan): number {
  return Math.max(0, toMillis(span.duration));
}

export function spanService(span: Pick<ReadableSpan, 'resource'>): string {
  return String(span.resource.attributes['service.name'] ?? 'unknown_service');
}

export function logService(record: ReadableLogRecord): string {
  return String(record.resource.attributes['service.name'] ?? 'unknown_service');
}

export function hasError(span: ReadableSpan): boolean {
  return span.status.code === SpanStatusCode.ERROR;
}

/**
 * Returns whether a span is called by its parent. A page that continues the trace of its response is not
 * called by the server.
 */
export function isCall(parent: ReadableSpan, span: ReadableSpan): boolean {
  const { CLIENT, PRODUCER, SERVER, CONSUMER } = SpanKind;
  return [CLIENT, PRODUCER].includes(parent.kind) || [SERVER, CONSUMER].includes(span.kind);
}

export function kindName(span: ReadableSpan): string {
  return (SpanKind[span.kind] ?? 'INTERNAL').toLowerCase();
}

export function httpStatus(span: ReadableSpan): string | undefined {
  return spanAttribute(span, 'http.response.status_code', 'http.status_code');
}

export function sqlText(span: ReadableSpan): string | undefined {
  return spanAttribute(span, 'db.query.text', 'db.statement');
}

/** Returns the name, followed by the path when the span has no route: `POST /add` for a client's `POST`. */
export function spanTitle(span: ReadableSpan): string {
  const url = spanAttribute(span, 'url.full', 'http.url');
  const path =
    spanAttribute(span, 'url.path', 'http.target') ??
    /^https?:\/\/[^/?#]+([^?#]*)/i.exec(url ?? '')?.[1];
  return path && !spanAttribute(span, 'http.route', 'url.template') && !span.name.includes(path)
    ? `${span.name} ${path}`
    : span.name;
}

/** Returns what identifies the work beside the title: statement, URL, queue, method, path or query. */
export function spanSubject(span: ReadableSpan): string | undefined {
  const target = requestTarget(span);
  return (
    sqlText(span)?.replace(/\s+/g, ' ').trim() ??
    spanAttribute(span, 'url.full', 'http.url', 'messaging.destination.name', 'rpc.method') ??
    (spanTitle(span).endsWith(target) ? undefined : target)
  );
}

/** Returns the subject for labels that are cut: a statement without its columns. */
export function shortSubject(span: ReadableSpan): string | undefined {
  const subject = spanSubject(span);
  return subject && sqlText(span) !== undefined ? abbreviateSql(subject) : subject;
}

/** Returns the exception's type and message, the status message or the error type. */
export function spanProblem(span: ReadableSpan): string | undefined {
  if (!hasError(span)) return undefined;
  const exception = span.events.find(({ name }) => name === 'exception')?.attributes;
  const parts = [exception?.['exception.type'], exception?.['exception.message']].filter(Boolean);
  if (parts.length > 0) return parts.join(': ');
  return span.status.message || spanAttribute(span, 'error.type');
}

/** Formats any attribute value or log body as a string. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'bigint'
        ? String(part)
        : part instanceof Uint8Array
          ? `${part.length} bytes`
          : part,
    );
  } catch {
    return '[circular]';
  }
}

export function logText(record: ReadableLogRecord): string {
  return record.body === undefined ? (record.eventName ?? '') : valueText(record.body);
}

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export function logSeverity(record: ReadableLogRecord): string {
  const group = Math.floor(((record.severityNumber ?? 0) - 1) / 4);
  return SEVERITIES[group] ?? record.severityText ?? 'UNSPECIFIED';
}

const COLORS = 8;

/** Returns the class of a service's color; the same name has the same color on all pages. */
export function serviceClass(service: string): string {
  let hash = 7;
  for (let i = 0; i < service.length && i < 100; i++) {
    hash = (hash * 31 + service.charCodeAt(i)) % 100_003;
  }
  return `s${hash % COLORS}`;
}
