import { SpanKind } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  abbreviateSql,
  requestTarget,
  spanAttribute,
} from 'opentelemetry-instrument-exporters/describe';
import { isError, millisOf, serviceOf, valueText } from '../../store/index.ts';

export function spanStart(span: ReadableSpan): number {
  return millisOf(span.startTime);
}

/** Returns the duration in milliseconds; 0 for a span that ends before it starts. */
export function spanMillis(span: ReadableSpan): number {
  return Math.max(0, millisOf(span.duration));
}

/**
 * Returns whether a span is called by its parent. A page that continues the trace of its response is not
 * called by the server.
 */
export function isCall(parent: ReadableSpan, span: ReadableSpan): boolean {
  const { CLIENT, PRODUCER, SERVER, CONSUMER } = SpanKind;
  return [CLIENT, PRODUCER].includes(parent.kind) || [SERVER, CONSUMER].includes(span.kind);
}

/** Returns whether a span is a page that continues the trace of the response that it shows. */
export function isContinuation(parent: ReadableSpan, span: ReadableSpan): boolean {
  const isOther = serviceOf(parent) !== serviceOf(span);
  return isOther && parent.kind === SpanKind.SERVER && span.kind === SpanKind.INTERNAL;
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
  if (!isError(span)) return undefined;
  const exception = span.events.find(({ name }) => name === 'exception')?.attributes;
  const parts = [exception?.['exception.type'], exception?.['exception.message']].filter(Boolean);
  if (parts.length > 0) return parts.join(': ');
  return span.status.message || spanAttribute(span, 'error.type');
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
