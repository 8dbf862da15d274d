import {
  type Attributes,
  type Context,
  context,
  type Histogram,
  type Meter,
  type MeterOptions,
  type MeterProvider,
  type MetricOptions,
  type SpanContext,
  TraceFlags,
  trace,
  ValueType,
} from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type HistogramMetricData,
  type MetricProducer,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { readTime } from '../clock/index.ts';
import { createHistogramAggregator, type HistogramAggregator } from './histogram-aggregator.ts';

/** Decides which measurements become exemplars. `trace_based`: those in a sampled span. */
export type ExemplarFilter = 'always_on' | 'always_off' | 'trace_based';

/** Histograms that cache the series of frozen attribute objects. */
export interface FastHistograms {
  /** Wraps a provider so that its meters create fast histograms. */
  extend(provider: MeterProvider): MeterProvider;
  /** Creates a producer of their metrics for a metric reader. */
  createProducer(): MetricProducer;
}

interface FastScope {
  readonly scope: ScopeMetrics['scope'];
  readonly histograms: Map<string, FastHistogram>;
}

interface FastHistogram {
  readonly instrument: Histogram;
  readonly descriptor: HistogramMetricData['descriptor'];
  readonly aggregator: HistogramAggregator;
}

/**
 * Creates histograms that bypass the SDK's aggregation: cumulative, with explicit buckets. All
 * other instruments come from the SDK.
 *
 * The SDK sorts and serializes the attributes of each measurement to find its series, a tenth of
 * the cost of a traced request. Here a caller can pass the same frozen object each time; other
 * objects are looked up by content, as in the SDK. Views do not apply. Each bucket has an exemplar: its
 * latest measurement, which the SDK for JavaScript does not keep.
 *
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk/#exemplar
 */
export function createFastHistograms(
  exemplarFilter: ExemplarFilter = 'trace_based',
): FastHistograms {
  const scopes = new Map<string, FastScope>();

  function getMeter(
    provider: MeterProvider,
    name: string,
    version?: string,
    options?: MeterOptions,
  ): Meter {
    const meter = provider.getMeter(name, version, options);
    const key = JSON.stringify([name, version, options?.schemaUrl]);
    const { schemaUrl } = options ?? {};
    const entry = scopes.get(key) ?? {
      scope: { name, ...(version && { version }), ...(schemaUrl && { schemaUrl }) },
      histograms: new Map<string, FastHistogram>(),
    };
    scopes.set(key, entry);
    const own: Pick<Meter, 'createHistogram'> = {
      createHistogram(name, options) {
        const created = createHistogram(name, options, exemplarFilter);
        const { description, unit, valueType } = created.descriptor;
        // A difference in any of these means another instrument, with separate data.
        const identity = JSON.stringify([name.toLowerCase(), description, unit, valueType]);
        const known = entry.histograms.get(identity) ?? created;
        entry.histograms.set(identity, known);
        return known.instrument;
      },
    };
    return Object.assign(Object.create(meter) as Meter, own);
  }

  return {
    extend: (provider) => ({ getMeter: (...args) => getMeter(provider, ...args) }),
    createProducer: () => ({
      async collect() {
        const now = readTime();
        const scopeMetrics = [...scopes.values()].flatMap(({ scope, histograms }) => {
          const metrics = [...histograms.values()].flatMap(
            ({ descriptor, aggregator }): HistogramMetricData[] => {
              const dataPoints = aggregator.collect(now);
              if (dataPoints.length === 0) return [];
              const aggregationTemporality = AggregationTemporality.CUMULATIVE;
              const dataPointType = DataPointType.HISTOGRAM;
              return [{ descriptor, aggregationTemporality, dataPointType, dataPoints }];
            },
          );
          return metrics.length > 0 ? [{ scope, metrics }] : [];
        });
        return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
      },
    }),
  };
}

/** @see https://opentelemetry.io/docs/specs/otel/metrics/sdk/#explicit-bucket-histogram-aggregation */
const DEFAULT_BOUNDARIES = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];

function createHistogram(
  name: string,
  options: MetricOptions = {},
  exemplarFilter: ExemplarFilter,
): FastHistogram {
  const { description = '', unit = '', valueType = ValueType.DOUBLE, advice } = options;
  const aggregator = createHistogramAggregator(
    advice?.explicitBucketBoundaries ?? DEFAULT_BOUNDARIES,
  );
  return {
    descriptor: { name, description, unit, valueType },
    aggregator,
    instrument: {
      record(value: number, attributes?: Attributes, measured: Context = context.active()) {
        // Infinity would make the sum useless forever. The SDK accepts it.
        if (typeof value !== 'number' || !(value >= 0 && value < Number.POSITIVE_INFINITY)) return;
        const recorded = valueType === ValueType.INT ? Math.trunc(value) : value;
        aggregator.record(recorded, attributes, exemplarSpan(measured, exemplarFilter));
      },
    },
  };
}

/** Returns the span of an exemplar, null for an exemplar without a span, or undefined for no exemplar. */
function exemplarSpan(measured: Context, filter: ExemplarFilter): SpanContext | null | undefined {
  if (filter === 'always_off') return undefined;
  const span = trace.getSpanContext(measured);
  if (filter === 'always_on') return span ?? null;
  return span && (span.traceFlags & TraceFlags.SAMPLED) !== 0 ? span : undefined;
}
