import {
  AggregationTemporality,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Exemplar, PointWithExemplars } from 'opentelemetry-instrument-exporters';
import type { MetricExemplar, MetricPoint, MetricSeries, MetricStore } from './metric-store.ts';
import { serviceOf, valueText } from './record-facts.ts';
import { millisOf } from './times.ts';

const MAX_SERIES = 500;
const MAX_POINTS = 360;
/** Exemplars of one series. */
const MAX_EXEMPLARS = 20;
/** Bounds what a hostile sender can put into one point. */
const MAX_BUCKETS = 1_000;
/** Characters of the names and attributes of one series. */
const MAX_SERIES_LENGTH = 16_384;
/** Numbers in all points: 32 MiB. At this limit, a series that gets a point loses its oldest ones. */
const MAX_NUMBERS = 4_194_304;

const KINDS: Readonly<Record<DataPointType, MetricSeries['kind']>> = {
  [DataPointType.GAUGE]: 'gauge',
  [DataPointType.SUM]: 'sum',
  [DataPointType.HISTOGRAM]: 'histogram',
  [DataPointType.EXPONENTIAL_HISTOGRAM]: 'exponential-histogram',
};

type MutableSeries = MetricSeries & {
  readonly points: MetricPoint[];
  readonly exemplars: MetricExemplar[];
};

/** Keeps the latest points of each time series in memory; series beyond the limit are counted and dropped. */
export function createMemoryMetricStore(): MetricStore {
  const series = new Map<string, MutableSeries>();
  /** Hashes, since keys can be long. */
  const droppedKeys = new Set<number>();
  let numbers = 0;

  function addMetric(service: string, scope: string, metric: MetricData): void {
    const { name, description, unit } = metric.descriptor;
    for (const dataPoint of metric.dataPoints) {
      const {
        attributes,
        endTime,
        value,
        exemplars = [],
      }: PointWithExemplars<(typeof dataPoint)['value']> = dataPoint;
      const texts = attributeTexts(attributes);
      const key = JSON.stringify([service, scope, name, texts]);
      let found = series.get(key);
      if (found === undefined) {
        const length = key.length + description.length + unit.length;
        if (series.size >= MAX_SERIES || length > MAX_SERIES_LENGTH) {
          if (droppedKeys.size < MAX_SERIES) droppedKeys.add(hashKey(key));
          continue;
        }
        const isMonotonic = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
        const kind = KINDS[metric.dataPointType];
        const names = { service, scope, name, description, unit };
        const attributes = Object.fromEntries(texts);
        found = { ...names, kind, isMonotonic, attributes, points: [], exemplars: [] };
        series.set(key, found);
      }
      const point = toPoint(millisOf(endTime), value);
      const isDelta =
        found.kind !== 'gauge' && metric.aggregationTemporality === AggregationTemporality.DELTA;
      const last = found.points.at(-1);
      addPoint(found.points, isDelta && last ? accumulate(last, point) : point);
      for (const exemplar of exemplars.slice(-MAX_EXEMPLARS)) addExemplar(found, exemplar);
    }
  }

  function addPoint(points: MetricPoint[], point: MetricPoint): void {
    points.push(point);
    numbers += countNumbers(point);
    while (points.length > MAX_POINTS || (numbers > MAX_NUMBERS && points.length > 1)) {
      const oldest = points.shift();
      if (oldest) numbers -= countNumbers(oldest);
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
      numbers = 0;
    },
  };
}

/** Keeps an exemplar that leads to a span, unless the point before had it, too. */
function addExemplar({ exemplars }: MutableSeries, exemplar: Exemplar): void {
  const { traceId, spanId, value, timestamp } = exemplar;
  if (traceId === undefined || spanId === undefined) return;
  const time = millisOf(timestamp);
  if (exemplars.some((each) => each.spanId === spanId && each.time === time)) return;
  exemplars.push({ time, value, traceId, spanId });
  if (exemplars.length > MAX_EXEMPLARS) exemplars.shift();
}

function attributeTexts(attributes: object): [string, string][] {
  const entries = Object.entries(attributes).map(([key, value]): [string, string] => [
    key,
    valueText(value),
  ]);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns the FNV-1a hash of a key. */
function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash;
}

function countNumbers({ bounds, counts }: MetricPoint): number {
  return 5 + (bounds?.length ?? 0) + (counts?.length ?? 0);
}

function toPoint(time: number, value: number | Histogram | ExponentialHistogram): MetricPoint {
  if (typeof value === 'number') return { time, value };
  const { count } = value;
  const [sum, min, max] = [value.sum, value.min, value.max].map(finiteOrUndefined);
  const totals = { time, value: count, sum, min, max };
  if ('buckets' in value) {
    const { boundaries, counts } = value.buckets;
    // Percentiles of a part of the buckets would be wrong.
    if (counts.length > MAX_BUCKETS || boundaries.length > MAX_BUCKETS) {
      return totals;
    }
    return { ...totals, bounds: boundaries, counts };
  }
  return { ...totals, ...explicitBuckets(value) };
}

function finiteOrUndefined(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
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
  return {
    ...total,
    sum: (last.sum ?? 0) + (delta.sum ?? 0),
    min:
      last.min === undefined || delta.min === undefined ? undefined : Math.min(last.min, delta.min),
    max:
      last.max === undefined || delta.max === undefined ? undefined : Math.max(last.max, delta.max),
    bounds,
    counts,
  };
}
