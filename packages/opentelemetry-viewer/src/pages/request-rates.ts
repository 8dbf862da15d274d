import type { MetricPoint, MetricSeries } from '../store/metric-store.ts';
import {
  addBuckets,
  type Buckets,
  bucketsBetween,
  estimatePercentile,
  increase,
} from './percentile.ts';

/** Rate, errors and duration of one route over the time that is kept. */
export interface RouteRates {
  readonly service: string;
  readonly route: string;
  readonly count: number;
  readonly errors: number;
  readonly perSecond: number;
  /** Milliseconds; undefined without observations. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  /** Equal intervals, oldest first. */
  readonly intervals: readonly RateInterval[];
}

export interface RateInterval {
  readonly count: number;
  readonly errors: number;
  readonly p95: number | undefined;
}

const MAX_INTERVALS = 40;

/** Adds up the series of a duration histogram by service, method and route, the busiest first. */
export function rateRoutes(series: readonly MetricSeries[]): readonly RouteRates[] {
  const times = series.flatMap(({ points }) => points.map(({ time }) => time));
  const from = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const to = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const groups = Map.groupBy(
    series,
    ({ service, attributes }) => `${service}\n${routeName(attributes)}`,
  );
  return [...groups.values()]
    .map((group) => rateGroup(group, from, Math.max(to, from + 1)))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

function rateGroup(series: readonly MetricSeries[], from: number, to: number): RouteRates {
  // More intervals than points would leave gaps.
  const longest = Math.max(...series.map(({ points }) => points.length));
  const length = Math.min(MAX_INTERVALS, longest);
  const bins = Array.from({ length }, () => ({
    count: 0,
    errors: 0,
    buckets: [] as Buckets[],
  }));
  for (const { points, attributes } of series) {
    let previous: MetricPoint | undefined;
    for (const point of points) {
      const share = (point.time - from) / (to - from);
      const bin = bins[Math.min(length - 1, Math.max(0, Math.floor(share * length)))];
      const count = increase(previous, point);
      if (bin && count > 0) {
        bin.count += count;
        if (isFailure(attributes)) bin.errors += count;
        bin.buckets.push(bucketsBetween(previous, point));
      }
      previous = point;
    }
  }
  const [first] = series;
  const scale = first?.unit === 's' ? 1_000 : 1;
  const all = bins.flatMap(({ buckets }) => buckets);
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  const percentile = (buckets: readonly Buckets[], quantile: number) => {
    const sum = addBuckets(buckets);
    const value = sum && estimatePercentile(sum, quantile);
    return value === undefined ? undefined : value * scale;
  };
  return {
    service: first?.service ?? '',
    route: routeName(first?.attributes ?? {}),
    count,
    errors: bins.reduce((sum, bin) => sum + bin.errors, 0),
    perSecond: count / Math.max(1, (to - from) / 1_000),
    p50: percentile(all, 0.5),
    p95: percentile(all, 0.95),
    p99: percentile(all, 0.99),
    intervals: bins.map((bin) => ({
      count: bin.count,
      errors: bin.errors,
      p95: percentile(bin.buckets, 0.95),
    })),
  };
}

function routeName(attributes: MetricSeries['attributes']): string {
  const method = attributes['http.request.method'] ?? attributes['http.method'] ?? '';
  const route = attributes['http.route'] ?? '(no route)';
  return `${method} ${route}`.trim();
}

function isFailure(attributes: MetricSeries['attributes']): boolean {
  const status = attributes['http.response.status_code'] ?? attributes['http.status_code'] ?? '';
  return /^5\d\d$/.test(status) || (status === '' && attributes['error.type'] !== undefined);
}
