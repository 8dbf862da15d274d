import { type AttributeValue, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Segment, Style } from '../terminal/index.ts';

/** Describes a span without its duration: `GET /tasks/:id 200`. */
export function describeSpan(span: ReadableSpan, nameStyle: Style): Segment[] {
  const segments: Segment[] = [];
  const isError = span.status.code === SpanStatusCode.ERROR;
  if (isError) segments.push({ text: '✗ ', style: 'boldRed' });
  const name = attribute(span, 'db.query.summary') ?? span.name;
  segments.push({ text: name, style: isError ? 'boldRed' : nameStyle, shrinks: true });
  const status = attribute(span, 'http.response.status_code', 'http.status_code');
  if (status) segments.push({ text: ` ${status}`, style: statusStyle(status) });
  return segments;
}

/** Describes the details of a span: the path and query it served, its SQL, the URL it called. */
export function describeDetail(span: ReadableSpan): Segment[] {
  const target = requestTarget(span);
  if (target !== '') return [{ text: `  ${target}` }];
  const sql = attribute(span, 'db.query.text', 'db.statement')?.replace(/\s+/g, ' ').trim();
  if (sql) return [{ text: `  ${sql}`, short: `  ${abbreviateSql(sql)}`, style: 'dim' }];
  const url = attribute(span, 'url.full', 'http.url');
  return url ? [{ text: `  ${url}`, style: 'dim' }] : [];
}

/** Returns why a span failed, unless the HTTP status shows it. */
export function describeSpanError(span: ReadableSpan): string | undefined {
  if (span.status.code !== SpanStatusCode.ERROR) return undefined;
  if (span.status.message) return span.status.message;
  const type = attribute(span, 'error.type');
  return type === attribute(span, 'http.response.status_code') ? undefined : type;
}

/** Returns path and query as far as the route does not show them: `/tasks/17?show=active`, `?show=active`. */
function requestTarget(span: ReadableSpan): string {
  const path = attribute(span, 'url.path', 'http.target') ?? '';
  const query = attribute(span, 'url.query');
  const shown = path === attribute(span, 'http.route') ? '' : path;
  return query ? `${shown}?${query}` : shown;
}

/** Column lists up to this length stay, such as `count(*)`. */
const MAX_COLUMNS_LENGTH = 20;

/**
 * Leaves out long column lists, quotes, and the name of the table before its columns. The rest shows how
 * statements differ.
 */
function abbreviateSql(sql: string): string {
  const bare = sql.replaceAll(/["`]/g, '');
  const [, columns = '', table = ''] = /^select (.*?) from ([^\s(),]+)/i.exec(bare) ?? [];
  if (table !== '') {
    const rest = bare.slice('select '.length + columns.length);
    const list = columns.length > MAX_COLUMNS_LENGTH ? '…' : `select ${columns}`;
    return (list + rest).replaceAll(`${table}.`, '');
  }
  const [, list = ''] = /^insert into [^\s(]+ (\([^)]*\))/i.exec(bare) ?? [];
  return list.length > MAX_COLUMNS_LENGTH ? bare.replace(list, '(…)') : bare;
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

function attribute(span: ReadableSpan, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value: AttributeValue | undefined = span.attributes[key];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return undefined;
}
