import type { MetricPoint, MetricSeries } from '../../store/index.ts';
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
  readonly exemplars: readonly RequestExemplar[];
}

/** One recorded request, with the span that it leads to. */
export interface RequestExemplar {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly millis: number;
  readonly traceId: string;
  readonly spanId: string;
}

/** Requests between two times. Percentiles are milliseconds; undefined without observations. */
export interface RateInterval {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly errors: number;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

const MAX_INTERVALS = 40;

/** Adds up the series of a duration histogram by service, method and route, the busiest first. */
export function rateRoutes(series: readonly MetricSeries[]): readonly RouteRates[] {
  const { from, to } = timeRange(series);
  const groups = Map.groupBy(
    series,
    ({ service, attributes }) => `${service}\n${routeName(attributes)}`,
  );
  return [...groups.values()]
    .map((group) => rateGroup(group, from, to))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

/** Adds up all series of a duration histogram. */
export function rateAll(series: readonly MetricSeries[]): RouteRates {
  const { from, to } = timeRange(series);
  return rateGroup(series, from, to);
}

function timeRange(series: readonly MetricSeries[]) {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of series) {
    from = Math.min(from, points[0]?.time ?? from);
    to = Math.max(to, points.at(-1)?.time ?? to);
  }
  return { from, to: Math.max(to, from + 1) };
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
    exemplars: series.flatMap(({ exemplars }) =>
      exemplars.map(({ value, ...exemplar }) => ({ ...exemplar, millis: value * scale })),
    ),
    intervals: bins.map(({ buckets, ...counts }, index) => ({
      ...counts,
      from: from + ((to - from) / length) * index,
      to: from + ((to - from) / length) * (index + 1),
      p50: percentile(buckets, 0.5),
      p95: percentile(buckets, 0.95),
      p99: percentile(buckets, 0.99),
    })),
  };
}

export function routeName(attributes: MetricSeries['attributes']): string {
  const method = attributes['http.request.method'] ?? attributes['http.method'] ?? '';
  const route = attributes['http.route'] ?? '(no route)';
  return `${method} ${route}`.trim();
}

function isFailure(attributes: MetricSeries['attributes']): boolean {
  const status = attributes['http.response.status_code'] ?? attributes['http.status_code'] ?? '';
  return /^5\d\d$/.test(status) || (status === '' && attributes['error.type'] !== undefined);
}
