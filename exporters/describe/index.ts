import type { AttributeValue } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Returns the first of the attributes that is a string or a number, as a string. */
export function spanAttribute(span: ReadableSpan, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value: AttributeValue | undefined = span.attributes[key];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return undefined;
}

/** Returns path and query as far as the route does not show them: `/tasks/17?show=active`, `?show=active`. */
export function requestTarget(span: ReadableSpan): string {
  const path = spanAttribute(span, 'url.path', 'http.target') ?? '';
  const query = spanAttribute(span, 'url.query');
  const shown = path === spanAttribute(span, 'http.route') ? '' : path;
  return query ? `${shown}?${query}` : shown;
}

/** Column lists up to this length stay, such as `count(*)`. */
const MAX_COLUMNS_LENGTH = 20;

/**
 * Leaves out long column lists, quotes, and the name of the table before its columns. The rest shows how
 * statements differ.
 */
export function abbreviateSql(sql: string): string {
  const bare = sql.replaceAll(/["`]/g, '');
  const [, columns = '', table = ''] = /^select (.*?) from ([^\s(),]+)/i.exec(bare) ?? [];
  if (table !== '') {
    const rest = bare.slice('select '.length + columns.length);
    const list = columns.length > MAX_COLUMNS_LENGTH ? '…' : `select ${columns}`;
    return (list + rest).replaceAll(`${table}.`, '');
  }
  const [, changed = ''] = /^(?:update|delete from) ([^\s(),]+)/i.exec(bare) ?? [];
  if (changed !== '') return bare.replaceAll(`${changed}.`, '');
  const [, list = ''] = /^insert into [^\s(]+ (\([^)]*\))/i.exec(bare) ?? [];
  return list.length > MAX_COLUMNS_LENGTH ? bare.replace(list, '(…)') : bare;
}
