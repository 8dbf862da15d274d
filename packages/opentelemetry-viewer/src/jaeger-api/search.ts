import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import {
  type StoredTrace,
  serviceOf,
  type TraceQuery,
  type TraceStore,
  type TraceSummary,
} from '../store/index.ts';

/** A search as Jaeger defines it. Tags hold on any span of the service in the trace. */
export interface JaegerSearch extends Omit<TraceQuery, 'tags' | 'limit'> {
  readonly tags: ReadonlyMap<string, string>;
  readonly limit: number;
}

/** Spans in one response with whole traces. Traces beyond it are left out. */
const MAX_SPANS = 50_000;

/** Tags that are fields of a span, which Jaeger searches like attributes. The store has the others. */
const SPAN_FIELDS: Readonly<Record<string, (span: ReadableSpan) => unknown>> = {
  'span.kind': (span) => jaegerKind(span.kind),
  'span.status': (span) => SpanStatusCode[span.status.code],
  'otel.status_code': (span) => SpanStatusCode[span.status.code],
  'scope.name': (span) => span.instrumentationScope.name,
  'scope.version': (span) => span.instrumentationScope.version,
  'otel.scope.version': (span) => span.instrumentationScope.version,
};

/** Finds the newest traces that match, at most `search.limit`. */
export function searchTraces(store: TraceStore, search: JaegerSearch): readonly TraceSummary[] {
  const { tags, limit, ...conditions } = search;
  const attributes = [...tags].filter(([key]) => !isField(key));
  const fields = [...tags].filter(([key]) => isField(key));
  const query = { ...conditions, tags: attributes.map(([key, value]) => ({ key, value })) };
  if (fields.length === 0) return store.findTraces({ ...query, limit }).traces;

  const found: TraceSummary[] = [];
  for (const summary of store.findTraces({ ...query, limit: store.stats().maxTraces }).traces) {
    if (found.length === limit) break;
    const spans = store.getTrace(summary.traceId)?.spans ?? [];
    const ofService = spans.filter((span) => isOfService(span, search.service));
    if (fields.every(([key, value]) => ofService.some((span) => hasField(span, key, value)))) {
      found.push(summary);
    }
  }
  return found;
}

/** Returns the traces of a search with all their spans, as far as they fit a response. */
export function searchWholeTraces(store: TraceStore, search: JaegerSearch): StoredTrace[] {
  const traces: StoredTrace[] = [];
  let spans = 0;
  for (const { traceId } of searchTraces(store, search)) {
    const trace = store.getTrace(traceId);
    spans += trace?.spans.length ?? 0;
    if (traces.length > 0 && spans > MAX_SPANS) break;
    if (trace) traces.push(trace);
  }
  return traces;
}

function isField(key: string): boolean {
  return Object.hasOwn(SPAN_FIELDS, key) || key.startsWith('resource.');
}

function hasField(span: ReadableSpan, key: string, value: string): boolean {
  const read = Object.hasOwn(SPAN_FIELDS, key) ? SPAN_FIELDS[key] : undefined;
  if (read) return String(read(span) ?? '').toLowerCase() === value.toLowerCase();
  return String(span.resource.attributes[key.slice('resource.'.length)]) === value;
}

function isOfService(span: ReadableSpan, service: string | undefined): boolean {
  return service === undefined || serviceOf(span) === service;
}

/** Returns Jaeger's name of a kind; an empty string for one that OTLP leaves unspecified. */
export function jaegerKind(kind: SpanKind): string {
  return SpanKind[kind]?.toLowerCase() ?? '';
}
