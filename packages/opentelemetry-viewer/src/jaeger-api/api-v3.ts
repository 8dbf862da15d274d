import { type Context, Hono } from 'hono';
import { spansToJson } from 'opentelemetry-instrument-exporters/otlp/json';
import { type StoredTrace, serviceOf, type TraceStore, type TraceSummary } from '../store/index.ts';
import { parseTraceId } from './go-values.ts';
import { BadParameterError, parseParameter, parseV3Search, v3Parameter } from './parameters.ts';
import { jaegerKind, searchTraces, searchWholeTraces } from './search.ts';

/** Creates Jaeger's query API v3, in which traces are OTLP as JSON. */
export function createApiV3(store: TraceStore): Hono {
  const api = new Hono();

  api.get('/services', (c) => c.json({ services: store.services() }));

  api.get('/operations', (c) => {
    const params = queryOf(c);
    const kind = v3Parameter(params, 'spanKind');
    const operations = store
      .operations(params.get('service') ?? '')
      .map(({ name, kind }) => ({ name, spanKind: jaegerKind(kind) || 'internal' }));
    return c.json({ operations: operations.filter((each) => !kind || each.spanKind === kind) });
  });

  api.get('/trace-summaries', (c) => {
    const found = searchTraces(store, parseV3Search(queryOf(c)));
    return c.json({ summaries: found.map(toSummary) });
  });

  api.get('/traces', (c) =>
    respondWithTraces(c, searchWholeTraces(store, parseV3Search(queryOf(c)))),
  );

  api.get('/traces/:traceId', (c) => {
    const id = parseParameter(
      c.req.param('traceId'),
      parseTraceId,
      'malformed parameter trace_id: ',
    );
    const trace = store.getTrace(id);
    return respondWithTraces(c, trace ? [trace] : []);
  });

  api.onError((error, c) =>
    error instanceof BadParameterError
      ? respondWithError(c, 400, error.message)
      : respondWithError(c, 500, 'the traces cannot be read'),
  );
  return api;
}

export function queryOf(c: Context): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

function respondWithTraces(c: Context, traces: readonly StoredTrace[]): Response {
  if (traces.length === 0) return respondWithError(c, 404, 'No traces found');
  const otlp = spansToJson(traces.flatMap(({ spans }) => spans));
  return c.body(`{"result":${otlp}}`, 200, { 'Content-Type': 'application/json' });
}

/** Responds as Jaeger does: with JSON that ends with a line break and has the type of text. */
function respondWithError(c: Context, status: 400 | 404 | 500, message: string): Response {
  const body = { error: { httpCode: status, message } };
  return c.body(`${JSON.stringify(body)}\n`, status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
}

function toSummary(summary: TraceSummary): object {
  const { traceId, root, start, durationMillis, services } = summary;
  const { spanCount, errorCount, orphanCount } = summary;
  return {
    traceId,
    rootServiceName: serviceOf(root),
    rootOperationName: root.name,
    minStartTimeUnixNano: toNanos(start),
    maxEndTimeUnixNano: toNanos(start + durationMillis),
    spanCount,
    ...nonZero('errorSpanCount', errorCount),
    ...nonZero('orphanSpanCount', orphanCount),
    services: services.map(({ name, spanCount, errorCount }) => ({
      name,
      spanCount,
      ...nonZero('errorSpanCount', errorCount),
    })),
  };
}

function nonZero(name: string, count: number): object {
  return count === 0 ? {} : { [name]: count };
}

/** Returns nanoseconds, rounded to microseconds: a double has no more digits. */
function toNanos(millis: number): string {
  const micros = Math.round(millis * 1_000);
  return Number.isFinite(micros) && micros > 0 ? `${BigInt(micros)}000` : '0';
}
