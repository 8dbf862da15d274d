import {
  parseGoBool,
  parseGoDuration,
  parseGoInt,
  parseGoTime,
  parseTraceId,
} from './go-values.ts';
import type { JaegerSearch } from './search.ts';

/** A parameter of the request that cannot be used. The message is part of the response. */
export class BadParameterError extends Error {}

const DAY_MS = 86_400_000;
/** Milliseconds since 1970 beyond which `Date` has no times. */
const MAX_TIME_MS = 8.64e15;

const V3_ALIASES: Readonly<Record<string, string>> = {
  'query.serviceName': 'query.service_name',
  'query.operationName': 'query.operation_name',
  'query.startTimeMin': 'query.start_time_min',
  'query.startTimeMax': 'query.start_time_max',
  'query.durationMin': 'query.duration_min',
  'query.durationMax': 'query.duration_max',
  spanKind: 'span_kind',
};

/** Returns a parameter of API v3 by its name or its older, snake-case name. */
export function v3Parameter(params: URLSearchParams, name: string): string | undefined {
  return params.get(name) || params.get(V3_ALIASES[name] ?? name) || undefined;
}

/** Reads the search of `/api/v3/traces` and `/api/v3/trace-summaries`. */
export function parseV3Search(params: URLSearchParams): JaegerSearch {
  const read = <T>(name: string, parse: (text: string) => T) =>
    optional(v3Parameter(params, name), parse, `malformed parameter ${name}: `);

  const tags = read('query.attributes', parseStringMap) ?? {};
  const from = read('query.startTimeMin', parseGoTime);
  const to = read('query.startTimeMax', parseGoTime);
  if (from === undefined || to === undefined) {
    throw new BadParameterError('query.startTimeMin and query.startTimeMax are required');
  }
  if (from >= to) {
    throw new BadParameterError('query.startTimeMin must be before query.startTimeMax');
  }
  const depth = (text: string) => parseGoInt(text, 'Atoi');
  const limit =
    read('query.searchDepth', depth) ??
    read('query.search_depth', depth) ??
    read('query.num_traces', depth);
  return {
    service: v3Parameter(params, 'query.serviceName'),
    operation: v3Parameter(params, 'query.operationName'),
    tags: new Map(Object.entries(tags)),
    from,
    to,
    minDurationMillis: read('query.durationMin', parseGoDuration) || undefined,
    maxDurationMillis: read('query.durationMax', parseGoDuration) || undefined,
    limit: checkLimit(limit),
  };
}

/** The search of `/api/traces`, or the ids of the traces that it names. */
export interface V1Search extends JaegerSearch {
  readonly traceIds: readonly string[];
}

/** Reads the search of `/api/traces`. */
export function parseV1Search(params: URLSearchParams, now: number): V1Search {
  const tags = new Map<string, string>();
  for (const tag of params.getAll('tag')) {
    const [key = '', ...value] = tag.split(':');
    if (value.length === 0) {
      throw new BadParameterError(
        `malformed 'tag' parameter, expecting key:value, received: ${tag}`,
      );
    }
    tags.set(key, value.join(':'));
  }
  for (const json of params.getAll('tags')) {
    const prefix = "malformed 'tags' parameter, cannot unmarshal JSON: ";
    const map = parseParameter(json, parseStringMap, prefix);
    for (const [key, value] of Object.entries(map)) tags.set(key, value);
  }
  const minDurationMillis = v1Parameter(params, 'minDuration', parseGoDuration) || undefined;
  const maxDurationMillis = v1Parameter(params, 'maxDuration', parseGoDuration) || undefined;
  if (minDurationMillis && maxDurationMillis && maxDurationMillis < minDurationMillis) {
    throw new BadParameterError("'maxDuration' should be greater than 'minDuration'");
  }
  v1Parameter(params, 'raw', parseGoBool);
  return {
    service: params.get('service') || undefined,
    operation: params.get('operation') || undefined,
    tags,
    from: v1Parameter(params, 'start', parseMicros) ?? now - 2 * DAY_MS,
    to: v1Parameter(params, 'end', parseMicros) ?? now,
    minDurationMillis,
    maxDurationMillis,
    limit: checkLimit(optional(params.get('limit') || undefined, parseGoInt, '')),
    traceIds: params
      .getAll('traceID')
      .map((id) => parseParameter(id, parseTraceId, 'cannot parse traceID param: ')),
  };
}

/** Reads an optional parameter of the API before version 3. */
export function v1Parameter<T>(
  params: URLSearchParams,
  name: string,
  parse: (text: string) => T,
): T | undefined {
  return optional(params.get(name) || undefined, parse, `unable to parse param '${name}': `);
}

/** Parses microseconds since 1970. @returns milliseconds */
export function parseMicros(text: string): number {
  return parseGoInt(text) / 1_000;
}

/** Parses milliseconds since 1970, or a duration in milliseconds. */
export function parseJaegerMillis(text: string): number {
  const millis = parseGoInt(text);
  if (Math.abs(millis) <= MAX_TIME_MS) return millis;
  throw new Error(`strconv.ParseInt: parsing "${text}": value out of range`);
}

/** Parses a value; an error becomes one of the request, with a prefix. */
export function parseParameter<V, T>(value: V, parse: (value: V) => T, prefix: string): T {
  try {
    return parse(value);
  } catch (error) {
    throw new BadParameterError(`${prefix}${(error as Error).message}`);
  }
}

function optional<T>(
  text: string | undefined,
  parse: (text: string) => T,
  prefix: string,
): T | undefined {
  return text === undefined ? undefined : parseParameter(text, parse, prefix);
}

function parseStringMap(json: string): Record<string, string> {
  const map: unknown = JSON.parse(json);
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw new Error('json: cannot unmarshal into Go value of type map[string]string');
  }
  for (const value of Object.values(map)) {
    if (typeof value !== 'string') {
      throw new Error(`json: cannot unmarshal ${typeof value} into Go value of type string`);
    }
  }
  return map as Record<string, string>;
}

/** @default 100 */
function checkLimit(limit = 100): number {
  if (limit > 0) return limit;
  throw new BadParameterError('search depth must be greater than 0 and less than max traces');
}
