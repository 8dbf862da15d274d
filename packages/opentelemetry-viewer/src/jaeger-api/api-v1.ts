import { type Context, Hono } from 'hono';
import type { StoredTrace, TraceStore } from '../store/index.ts';
import { queryOf } from './api-v3.ts';
import { countCalls } from './dependencies.ts';
import { parseGoBool, parseGoFloat, parseTraceId } from './go-values.ts';
import { toJaegerTrace } from './jaeger-trace.ts';
import {
  BadParameterError,
  parseJaegerMillis,
  parseMicros,
  parseParameter,
  parseV1Search,
  v1Parameter,
} from './parameters.ts';
import { jaegerKind, searchWholeTraces } from './search.ts';
import { type MetricKind, measureSpans, parseSpanKinds } from './span-rates.ts';

const HOUR_MS = 3_600_000;

interface ApiError {
  readonly code?: number;
  readonly msg: string;
  readonly traceID?: string;
}

/**
 * Creates the API that Jaeger's pages used before v3, and still use for single traces, dependencies and
 * metrics. Grafana uses it for everything.
 */
export function createApiV1(store: TraceStore, now: () => number): Hono {
  const api = new Hono();

  api.get('/services', (c) => respond(c, store.services(), store.services().length));

  api.get('/services/:service/operations', (c) => {
    const operations = store.operations(c.req.param('service'));
    const names = [...new Set(operations.map(({ name }) => name))];
    return respond(c, names, names.length);
  });

  api.get('/operations', (c) => {
    const params = queryOf(c);
    const service = params.get('service');
    if (!service) throw new BadParameterError("parameter 'service' is required");
    const kind = params.get('spanKind');
    const operations = store
      .operations(service)
      .map(({ name, kind }) => ({ name, spanKind: jaegerKind(kind) }))
      .filter((each) => !kind || each.spanKind === kind);
    return respond(c, operations, operations.length);
  });

  api.get('/traces', (c) => {
    const search = parseV1Search(queryOf(c), now());
    if (search.traceIds.length === 0) return respondWithTraces(c, searchWholeTraces(store, search));
    const traces = [...new Set(search.traceIds)].map((id) => ({ id, trace: store.getTrace(id) }));
    return respondWithTraces(
      c,
      traces.flatMap(({ trace }) => trace ?? []),
      traces
        .filter(({ trace }) => trace === undefined)
        .map(({ id }) => ({ msg: 'trace not found', traceID: id })),
    );
  });

  api.get('/traces/:traceId', (c) => {
    const id = parseParameter(c.req.param('traceId'), parseTraceId, '');
    const params = queryOf(c);
    for (const name of ['start', 'end']) v1Parameter(params, name, parseMicros);
    v1Parameter(params, 'raw', parseGoBool);
    const trace = store.getTrace(id);
    return trace ? respondWithTraces(c, [trace]) : respondWithError(c, 404, 'trace not found');
  });

  api.get('/dependencies', (c) => {
    const params = queryOf(c);
    const to = v1Parameter(params, 'endTs', parseJaegerMillis) ?? now();
    const from = to - (v1Parameter(params, 'lookback', parseJaegerMillis) ?? 24 * HOUR_MS);
    const service = params.get('service') ?? '';
    const calls = countCalls(store, from, to).filter(
      ({ parent, child }) => service === '' || parent === service || child === service,
    );
    return respond(c, calls);
  });

  api.get('/metrics/:kind{calls|errors|latencies}', (c) => {
    const params = queryOf(c);
    const kind = c.req.param('kind') as MetricKind;
    const quantile =
      kind === 'latencies'
        ? parseMetric('quantile', params.get('quantile') ?? '', parseGoFloat)
        : 0;
    const services = parseMetric('service', params.getAll('service'), parseServices);
    const isGrouped = v1Parameter(params, 'groupByOperation', parseGoBool) ?? false;
    const kinds = parseMetric('spanKind', params.getAll('spanKind'), parseSpanKinds);
    const range = {
      end: v1Parameter(params, 'endTs', parseJaegerMillis) ?? now(),
      lookback: v1Parameter(params, 'lookback', parseJaegerMillis) ?? HOUR_MS,
      step: v1Parameter(params, 'step', parseJaegerMillis) ?? 5_000,
      ratePer: v1Parameter(params, 'ratePer', parseJaegerMillis) ?? 600_000,
    };
    return json(c, measureSpans(store, { kind, quantile, services, kinds, isGrouped, ...range }));
  });

  api.onError((error, c) =>
    error instanceof BadParameterError
      ? respondWithError(c, 400, error.message)
      : respondWithError(c, 500, 'the traces cannot be read'),
  );
  return api;
}

function parseMetric<V, T>(name: string, value: V, parse: (value: V) => T): T {
  return parseParameter(value, parse, `unable to parse param '${name}': `);
}

function parseServices(names: readonly string[]): ReadonlySet<string> {
  if (names.length === 0) throw new Error('please provide at least one service name');
  return new Set(names);
}

function respondWithTraces(
  c: Context,
  traces: readonly StoredTrace[],
  errors: readonly ApiError[] = [],
): Response {
  return respond(c, traces.map(toJaegerTrace), 0, errors);
}

function respond(c: Context, data: unknown, total = 0, errors: readonly ApiError[] = []): Response {
  return json(c, structured(data, total, errors));
}

function structured(data: unknown, total: number, errors: readonly ApiError[]): object {
  return { data, total, limit: 0, offset: 0, errors: errors.length === 0 ? null : errors };
}

/** Responds with JSON, indented if `prettyPrint` is set to anything but `false`. */
function json(c: Context, value: object): Response {
  const pretty = queryOf(c).get('prettyPrint') || 'false';
  const body = JSON.stringify(value, undefined, pretty === 'false' ? undefined : 4);
  return c.body(body, 200, { 'Content-Type': 'application/json' });
}

/** Responds as Jaeger does: with JSON that ends with a line break and has the type of text. */
function respondWithError(c: Context, code: 400 | 404 | 500, msg: string): Response {
  return c.body(`${JSON.stringify(structured(null, 0, [{ code, msg }]))}\n`, code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
}
