import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { millisOf, serviceOf, type TraceStore } from '../store/index.ts';
import { jaegerKind } from './search.ts';

export type MetricKind = 'calls' | 'errors' | 'latencies';

/** A query of `/api/metrics/{kind}`. Times and durations are in milliseconds. */
export interface SpanRatesQuery {
  readonly kind: MetricKind;
  /** Quantile of latencies, from 0 to 1. Other kinds ignore it. */
  readonly quantile: number;
  readonly services: ReadonlySet<string>;
  /** `SpanKind` of the spans that count. */
  readonly kinds: ReadonlySet<number>;
  /** One series for each operation instead of one for each service. */
  readonly isGrouped: boolean;
  readonly end: number;
  readonly lookback: number;
  /** Between two points of a series. */
  readonly step: number;
  /** Length of the window before each point. */
  readonly ratePer: number;
}

/** Bounds of the work and of the response; a shorter step is raised to keep them. */
const MAX_POINTS = 1_000;
const MAX_WINDOWS_OF_SPAN = 20;
const MAX_SERIES = 100;

const KINDS = [
  SpanKind.INTERNAL,
  SpanKind.SERVER,
  SpanKind.CLIENT,
  SpanKind.PRODUCER,
  SpanKind.CONSUMER,
];

interface Sample {
  readonly time: number;
  readonly durationMillis: number;
  readonly isError: boolean;
}

interface Series {
  readonly service: string;
  readonly operation: string;
  readonly samples: Sample[];
}

const FAMILIES = {
  calls: { name: 'call_rate', help: () => 'calls/sec' },
  errors: {
    name: 'error_rate',
    help: () => 'error rate, computed as a fraction of errors/sec over calls/sec',
  },
  latencies: {
    name: 'latencies',
    help: (quantile: number) => `${quantile.toFixed(2)}th quantile latency`,
  },
} as const;

/** Computes a metric family as Jaeger reads it from Prometheus: points over sliding windows. */
export function measureSpans(store: TraceStore, query: SpanRatesQuery): object {
  const { kind, quantile, isGrouped } = query;
  const { name, help } = FAMILIES[kind];
  return {
    name: `service_${isGrouped ? 'operation_' : ''}${name}`,
    type: 'GAUGE',
    help: `${help(quantile)}, grouped by service${isGrouped ? ' & operation' : ''}`,
    metrics: collectSeries(store, query).map((series) => ({
      labels: [
        { name: 'service_name', value: series.service },
        ...(isGrouped ? [{ name: 'operation', value: series.operation }] : []),
      ],
      metricPoints: toPoints(series.samples, query),
    })),
  };
}

/** Collects the spans of each series, of the largest series only if there are too many. */
function collectSeries(store: TraceStore, query: SpanRatesQuery): Series[] {
  const { services, kinds, isGrouped, end, lookback, ratePer } = query;
  const found = new Map<string, Series>();
  // Spans are counted when they end, and may have started earlier.
  const start = end - lookback - ratePer;
  const { traces } = store.findTraces({ to: end, limit: store.stats().maxTraces });
  for (const { traceId, start: traceStart, durationMillis } of traces) {
    if (traceStart + durationMillis < start) continue;
    for (const span of store.getTrace(traceId)?.spans ?? []) {
      const service = serviceOf(span);
      const sample = toSample(span);
      if (!kinds.has(span.kind) || !services.has(service) || !(sample.time > start)) continue;
      const operation = isGrouped ? span.name : '';
      const key = JSON.stringify([service, operation]);
      const series = found.get(key) ?? { service, operation, samples: [] };
      series.samples.push(sample);
      found.set(key, series);
    }
  }
  return [...found.values()]
    .toSorted((a, b) => b.samples.length - a.samples.length)
    .slice(0, MAX_SERIES);
}

function toSample(span: ReadableSpan): Sample {
  return {
    time: millisOf(span.endTime),
    durationMillis: millisOf(span.duration),
    isError: span.status.code === SpanStatusCode.ERROR,
  };
}

function toPoints(samples: Sample[], query: SpanRatesQuery): object[] {
  const { end, lookback, ratePer } = query;
  const step = Math.max(query.step, lookback / MAX_POINTS, ratePer / MAX_WINDOWS_OF_SPAN, 1);
  samples.sort((a, b) => a.time - b.time);
  const points: object[] = [];
  let first = 0;
  let next = 0;
  for (let time = end - lookback; time <= end; time += step) {
    while ((samples[next]?.time ?? Infinity) <= time) next++;
    while (first < next && (samples[first]?.time ?? Infinity) <= time - ratePer) first++;
    const value = measureWindow(samples.slice(first, next), query);
    // A rate of nothing is not a number, which JSON does not have.
    if (!Number.isFinite(value)) continue;
    const timestamp = new Date(time).toISOString().replace('.000Z', 'Z');
    points.push({ gaugeValue: { doubleValue: value }, timestamp });
  }
  return points;
}

function measureWindow(
  window: readonly Sample[],
  { kind, quantile, ratePer }: SpanRatesQuery,
): number {
  if (kind === 'calls') return (window.length * 1_000) / ratePer;
  if (kind === 'errors') return window.filter(({ isError }) => isError).length / window.length;
  const sorted = Float64Array.from(window, ({ durationMillis }) => durationMillis).sort();
  const index = Math.ceil(Math.min(1, Math.max(0, quantile)) * sorted.length) - 1;
  return sorted[Math.max(0, index)] ?? Number.NaN;
}

/**
 * Parses names of kinds, such as `server`.
 * @returns values of `SpanKind`; that of servers if there are no names
 */
export function parseSpanKinds(names: readonly string[]): ReadonlySet<number> {
  if (names.length === 0) return new Set([SpanKind.SERVER]);
  return new Set(names.map(parseSpanKind));
}

function parseSpanKind(name: string): number {
  // OTLP's unspecified kind has no value in the API.
  if (name === 'unspecified') return -1;
  const kind = KINDS.find((each) => jaegerKind(each) === name);
  if (kind === undefined) throw new Error(`unsupported span kind: '${name.slice(0, 100)}'`);
  return kind;
}
