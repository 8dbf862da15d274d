import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { serviceOf, valueToText } from './matcher.ts';
import type { MetricPoint, MetricSeries, MetricStore } from './metric-store.ts';
import { millisOf } from './times.ts';

const MAX_SERIES = 500;
const MAX_POINTS = 360;
/** Bounds what a hostile sender can put into one point. */
const MAX_BUCKETS = 1_000;

const KINDS: Readonly<Record<DataPointType, MetricSeries['kind']>> = {
  [DataPointType.GAUGE]: 'gauge',
  [DataPointType.SUM]: 'sum',
  [DataPointType.HISTOGRAM]: 'histogram',
  [DataPointType.EXPONENTIAL_HISTOGRAM]: 'exponential-histogram',
};

type MutableSeries = MetricSeries & { readonly points: MetricPoint[] };

/** Keeps the latest points of each time series in memory; series beyond the limit are counted and dropped. */
export function createMemoryMetricStore(): MetricStore {
  const series = new Map<string, MutableSeries>();
  const droppedKeys = new Set<string>();

  function addMetric(service: string, scope: string, metric: MetricData): void {
    const { name, description, unit } = metric.descriptor;
    for (const { attributes, endTime, value } of metric.dataPoints) {
      const texts = attributeTexts(attributes);
      const key = JSON.stringify([service, scope, name, texts]);
      let found = series.get(key);
      if (found === undefined) {
        if (series.size >= MAX_SERIES) {
          if (droppedKeys.size < MAX_SERIES) droppedKeys.add(key);
          continue;
        }
        const isMonotonic = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
        const kind = KINDS[metric.dataPointType];
        const names = { service, scope, name, description, unit };
        found = { ...names, kind, isMonotonic, attributes: Object.fromEntries(texts), points: [] };
        series.set(key, found);
      }
      const point = toPoint(millisOf(endTime), value);
      const isDelta =
        found.kind !== 'gauge' && metric.aggregationTemporality === AggregationTemporality.DELTA;
      const last = found.points.at(-1);
      found.points.push(isDelta && last ? accumulate(last, point) : point);
      if (found.points.length > MAX_POINTS) found.points.shift();
    }
  }

  return {
    addMetrics({ resource, scopeMetrics }: ResourceMetrics) {
      const service = serviceOf({ resource });
      for (const { scope, metrics } of scopeMetrics) {
        for (const metric of metrics) addMetric(service, scope.name, metric);
      }
    },
    find(name) {
      const all = [...series.values()];
      return name === undefined ? all : all.filter((each) => each.name === name);
    },
    stats() {
      let points = 0;
      for (const each of series.values()) points += each.points.length;
      return { series: series.size, points, droppedSeries: droppedKeys.size };
    },
    clear() {
      series.clear();
      droppedKeys.clear();
    },
  };
}

function attributeTexts(attributes: object): [string, string][] {
  const entries = Object.entries(attributes).map(([key, value]): [string, string] => [
    key,
    valueToText(value),
  ]);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function toPoint(time: number, value: number | Histogram | ExponentialHistogram): MetricPoint {
  if (typeof value === 'number') return { time, value };
  const { count, sum } = value;
  if ('buckets' in value) {
    const { boundaries, counts } = value.buckets;
    return { time, value: count, sum, bounds: boundaries, counts };
  }
  return { time, value: count, sum, ...explicitBuckets(value) };
}

/** Converts the exponential buckets of values from zero up; negative ones are not kept. */
function explicitBuckets({ scale, zeroCount, positive }: ExponentialHistogram) {
  const bounds = [0];
  const counts = [zeroCount];
  for (const [index, count] of positive.bucketCounts.slice(0, MAX_BUCKETS).entries()) {
    bounds.push(2 ** ((positive.offset + index + 1) * 2 ** -scale));
    counts.push(count);
  }
  return { bounds, counts: [...counts, 0] };
}

function accumulate(last: MetricPoint, delta: MetricPoint): MetricPoint {
  const { time, bounds } = delta;
  const total = { time, value: last.value + delta.value };
  if (delta.counts === undefined) return total;
  const isSame = JSON.stringify(bounds) === JSON.stringify(last.bounds);
  const counts = isSame
    ? delta.counts.map((count, index) => count + (last.counts?.[index] ?? 0))
    : delta.counts;
  return { ...total, sum: (last.sum ?? 0) + (delta.sum ?? 0), bounds, counts };
}
