import type { TraceQuery } from '../../store/index.ts';
import { parseMillis } from '../page/index.ts';
import { parseTags } from './tags.ts';

/** The fields of the search form, as strings of the URL. */
export interface TraceFilter {
  readonly service: string;
  readonly operation: string;
  readonly tags: string;
  readonly text: string;
  readonly minDuration: string;
  readonly maxDuration: string;
  readonly lookback: string;
  /** Microseconds since 1970, as Jaeger's. */
  readonly start: string;
  readonly end: string;
  readonly status: string;
  readonly sort: string;
  readonly limit: string;
  readonly offset: string;
}

const EMPTY: TraceFilter = {
  service: '',
  operation: '',
  tags: '',
  text: '',
  minDuration: '',
  maxDuration: '',
  lookback: '',
  start: '',
  end: '',
  status: '',
  sort: '',
  limit: '',
  offset: '',
};
const FIELDS = Object.keys(EMPTY) as (keyof TraceFilter)[];

export const DEFAULT_TRACE_LIMIT = 50;
const MAX_LIMIT = 1_000;

/** Reads the search form from a URL's query. Jaeger's `all` is the same as an empty field. */
export function readTraceFilter(params: URLSearchParams): TraceFilter {
  const filter: Record<keyof TraceFilter, string> = { ...EMPTY };
  for (const field of FIELDS) filter[field] = (params.get(field) ?? '').slice(0, 2_000).trim();
  // Jaeger's links repeat `tag=key:value`.
  const pairs = params.getAll('tag').map((pair) => pair.replace(':', '='));
  if (pairs.length > 0) filter.tags = [filter.tags, ...pairs].filter(Boolean).join(' ');
  if (filter.operation === 'all') filter.operation = '';
  return filter;
}

/** Returns the address of a search, with some of its fields replaced. */
export function searchUrl(
  filter: Partial<TraceFilter>,
  changes: Partial<TraceFilter> = {},
): string {
  const merged = { ...filter, ...changes };
  const params = new URLSearchParams();
  for (const field of FIELDS) {
    const value = merged[field];
    if (value) params.set(field, value);
  }
  const query = params.toString();
  return query === '' ? '/' : `/search?${query}`;
}

/** A query for the store, and what is wrong with the fields that were ignored. */
export interface ParsedFilter {
  readonly query: TraceQuery;
  readonly problems: readonly string[];
  /** The search has a condition. */
  readonly isFiltered: boolean;
}

export const TRACE_SORTS = ['newest', 'oldest', 'longest', 'shortest', 'most-spans'] as const;

/** Turns the form's strings into a query for the store. */
export function toTraceQuery(filter: TraceFilter, now: number): ParsedFilter {
  const problems: string[] = [];

  function duration(field: 'minDuration' | 'maxDuration' | 'lookback'): number | undefined {
    const text = filter[field];
    if (text === '' || text === 'custom') return undefined;
    const millis = parseMillis(text);
    if (millis === undefined) problems.push(`“${text}” is not a duration; use 1.2s, 100ms or 5us.`);
    return millis;
  }

  const tags = [...(parseTags(filter.tags) ?? [])];
  if (parseTags(filter.tags) === undefined) {
    problems.push('The tags are not key=value pairs; quote values with spaces: key="a b".');
  }
  const isHttpStatus = /^[1-5]\d\d$/.test(filter.status);
  if (isHttpStatus) tags.push({ key: 'http.response.status_code', value: filter.status });

  const lookback = duration('lookback');
  const from = lookback === undefined ? micros(filter.start) : now - lookback;
  const to = lookback === undefined ? micros(filter.end) : undefined;
  const { service, operation, text } = filter;
  const query: TraceQuery = {
    service: service || undefined,
    operation: operation || undefined,
    tags,
    text: text || undefined,
    minDurationMillis: duration('minDuration'),
    maxDurationMillis: duration('maxDuration'),
    from,
    to,
    status: filter.status === 'error' || filter.status === 'ok' ? filter.status : undefined,
    sort: TRACE_SORTS.find((sort) => sort === filter.sort) ?? 'newest',
    limit: Math.min(MAX_LIMIT, positive(filter.limit) ?? DEFAULT_TRACE_LIMIT),
    offset: positive(filter.offset) ?? 0,
  };
  const { sort: _sort, limit: _limit, offset: _offset, tags: _tags, ...conditions } = query;
  const isFiltered = tags.length > 0 || Object.values(conditions).some((v) => v !== undefined);
  return { query, problems, isFiltered };
}

function micros(text: string): number | undefined {
  return /^\d{1,17}$/.test(text) ? Number(text) / 1_000 : undefined;
}

function positive(text: string): number | undefined {
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}
