import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type {
  MetricSeries,
  MetricStore,
} from '../../packages/opentelemetry-viewer/src/store/metric-store.ts';
import type {
  TraceQuery,
  TraceStore,
  TraceSummary,
} from '../../packages/opentelemetry-viewer/src/store/trace-store.ts';

/** Creates a simple store without limits, for tests of the pages. */
export function createFixtureStore(): TraceStore {
  const traces = new Map<string, ReadableSpan[]>();
  const logs: ReadableLogRecord[] = [];
  const listeners = new Set<(traceIds: ReadonlySet<string>) => void>();

  const notify = (ids: readonly string[]) => {
    for (const listener of listeners) listener(new Set(ids));
  };

  return {
    deferSpans(spans) {
      this.addSpans(spans);
    },
    addSpans(spans) {
      for (const span of spans) {
        const { traceId } = span.spanContext();
        const known = traces.get(traceId);
        if (known) known.push(span);
        else traces.set(traceId, [span]);
      }
      notify(spans.map((span) => span.spanContext().traceId));
      return 0;
    },
    addLogs(records) {
      logs.push(...records);
      notify(records.flatMap(({ spanContext }) => spanContext?.traceId ?? []));
    },
    findTraces(query) {
      const found = [...traces].flatMap(([traceId, spans]) => summarize(traceId, spans, query));
      found.sort(COMPARE[query.sort ?? 'newest']);
      const { offset = 0, limit = 20 } = query;
      return { traces: found.slice(offset, offset + limit), total: found.length };
    },
    getTrace(traceId) {
      const spans = traces.get(traceId);
      return (
        spans && {
          traceId,
          spans,
          logs: logs.filter(({ spanContext }) => spanContext?.traceId === traceId),
          droppedSpans: 0,
        }
      );
    },
    findLogs: ({ traceId, text, service, minSeverity = 0, limit = 100 }) =>
      logs
        .filter((record) => !traceId || record.spanContext?.traceId === traceId)
        .filter((record) => (record.severityNumber ?? 0) >= minSeverity)
        .filter((record) => !service || record.resource.attributes['service.name'] === service)
        .filter(({ body }) => !text || String(body).includes(text))
        .slice(-limit)
        .reverse(),
    services: () => [...new Set([...traces.values()].flat().map(serviceOf))].sort(),
    operations: (service) =>
      [...traces.values()]
        .flat()
        .filter((span) => serviceOf(span) === service)
        .map(({ name, kind }) => ({ name, kind })),
    stats: () => ({
      traces: traces.size,
      spans: [...traces.values()].flat().length,
      logs: logs.length,
      maxTraces: 10_000,
      maxBytes: 67_108_864,
      bytes: 1_048_576,
      oldest: [...traces.values()].flat().map(startOf).sort()[0],
      droppedTraces: 3,
      droppedSpans: 7,
      droppedLogs: 0,
    }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      traces.clear();
      logs.length = 0;
    },
    close() {},
  };

  function summarize(traceId: string, spans: ReadableSpan[], query: TraceQuery): TraceSummary[] {
    const ids = new Set(spans.map((span) => span.spanContext().spanId));
    const root = spans.find(({ parentSpanContext: p }) => !p || !ids.has(p.spanId)) ?? spans[0];
    const matching = spans.filter((span) => matches(span, query));
    const errorCount = spans.filter(({ status }) => status.code === 2).length;
    const isWrong = query.status !== undefined && (query.status === 'error') === (errorCount === 0);
    const [longest] = matching.sort((a, b) => millisOf(b) - millisOf(a));
    if (!root || !longest || isWrong) return [];
    const { service, operation, tags, text, minDurationMillis } = query;
    const hasConditions = Boolean(
      service || operation || tags?.length || text || minDurationMillis,
    );
    return [
      {
        traceId,
        root,
        match: hasConditions ? longest : root,
        start: startOf(root),
        durationMillis: millisOf(root),
        spanCount: spans.length,
        errorCount,
        orphanCount: spans.filter(({ parentSpanContext: p }) => p && !ids.has(p.spanId)).length,
        logCount: logs.filter(({ spanContext }) => spanContext?.traceId === traceId).length,
        statementCount: spans.filter((span) => span.attributes['db.system.name']).length,
        services: [...Map.groupBy(spans, serviceOf)].map(([name, own]) => ({
          name,
          spanCount: own.length,
          errorCount: own.filter(({ status }) => status.code === 2).length,
        })),
      },
    ];
  }
}

const COMPARE: Record<
  NonNullable<TraceQuery['sort']>,
  (a: TraceSummary, b: TraceSummary) => number
> = {
  newest: (a, b) => b.start - a.start,
  oldest: (a, b) => a.start - b.start,
  longest: (a, b) => b.durationMillis - a.durationMillis,
  shortest: (a, b) => a.durationMillis - b.durationMillis,
  'most-spans': (a, b) => b.spanCount - a.spanCount,
};

function matches(span: ReadableSpan, query: TraceQuery): boolean {
  const { service, operation, tags = [], text, minDurationMillis = 0, from = 0 } = query;
  const { maxDurationMillis = Number.POSITIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
  const everything = JSON.stringify([span.name, span.attributes]).toLowerCase();
  return (
    (!service || serviceOf(span) === service) &&
    (!operation || span.name === operation) &&
    tags.every(({ key, value }) => String(span.attributes[key]) === value) &&
    (!text || everything.includes(text.toLowerCase())) &&
    millisOf(span) >= minDurationMillis &&
    millisOf(span) <= maxDurationMillis &&
    startOf(span) >= from &&
    startOf(span) <= to
  );
}

function serviceOf({ resource }: ReadableSpan): string {
  return String(resource.attributes['service.name']);
}

function millisOf({ duration }: ReadableSpan): number {
  return duration[0] * 1e3 + duration[1] / 1e6;
}

function startOf({ startTime }: ReadableSpan): number {
  return startTime[0] * 1e3 + startTime[1] / 1e6;
}

/** Creates a store that holds the given time series. */
export function createFixtureMetrics(series: readonly MetricSeries[] = []): MetricStore {
  return {
    addMetrics() {},
    find: (name) => series.filter((each) => name === undefined || each.name === name),
    stats: () => ({
      series: series.length,
      points: series.reduce((sum, { points }) => sum + points.length, 0),
      droppedSeries: 0,
    }),
    clear() {},
  };
}
