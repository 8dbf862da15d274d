import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { abbreviateSql, requestTarget, spanAttribute } from '../describe/index.ts';
import type { Segment, Style } from '../terminal/index.ts';

/** Describes a span without its duration: `GET /tasks/:id 200`. */
export function describeSpan(span: ReadableSpan, nameStyle: Style): Segment[] {
  const segments: Segment[] = [];
  const isError = span.status.code === SpanStatusCode.ERROR;
  if (isError) segments.push({ text: '✗ ', style: 'boldRed' });
  const name = spanAttribute(span, 'db.query.summary') ?? span.name;
  segments.push({ text: name, style: isError ? 'boldRed' : nameStyle, shrinks: true });
  const status = spanAttribute(span, 'http.response.status_code', 'http.status_code');
  if (status) segments.push({ text: ` ${status}`, style: statusStyle(status) });
  return segments;
}

/** Describes the details of a span: the path and query it served, its SQL, the URL it called. */
export function describeDetail(span: ReadableSpan): Segment[] {
  const target = requestTarget(span);
  if (target !== '') return [{ text: `  ${target}` }];
  const sql = spanAttribute(span, 'db.query.text', 'db.statement')?.replace(/\s+/g, ' ').trim();
  if (sql) return [{ text: `  ${sql}`, short: `  ${abbreviateSql(sql)}`, style: 'dim' }];
  const url = spanAttribute(span, 'url.full', 'http.url');
  return url ? [{ text: `  ${url}`, style: 'dim' }] : [];
}

/** Returns why a span failed, unless the HTTP status shows it. */
export function describeSpanError(span: ReadableSpan): string | undefined {
  if (span.status.code !== SpanStatusCode.ERROR) return undefined;
  if (span.status.message) return span.status.message;
  const type = spanAttribute(span, 'error.type');
  return type === spanAttribute(span, 'http.response.status_code') ? undefined : type;
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
