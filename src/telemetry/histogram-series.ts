import type { Attributes, HrTime } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import { AggregationTemporality, type DataPoint, type Histogram } from '@opentelemetry/sdk-metrics';

/** The series of one histogram, by their attributes. */
export interface SeriesSet {
  record(value: number, attributes?: Attributes): void;
  /** Makes what gives one reader its data points: since the start, or since it asked the last time. */
  createCollector(temporality: AggregationTemporality): (now: HrTime) => DataPoint<Histogram>[];
}

interface Series {
  readonly attributes: Attributes;
  readonly startTime: HrTime;
  readonly counts: number[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** Series that a reader takes before it puts the rest into one: the specification's limit. */
const MAX_SERIES = 2_000;
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };
const NONE: Attributes = Object.freeze({});

/** @param boundaries ascending; a value equal to one counts below it */
export function createSeriesSet(boundaries: readonly number[]): SeriesSet {
  const byIdentity = new WeakMap<Attributes, Series>();
  const byContent = new Map<string, Series>();

  function find(attributes: Attributes): Series {
    const content = contentOf(attributes);
    const isTooMany = byContent.size >= MAX_SERIES - 1 && !byContent.has(content);
    const series = isTooMany
      ? findOrAdd(contentOf(OVERFLOW), OVERFLOW)
      : findOrAdd(content, attributes);
    // Whoever froze it cannot mean another series by it later.
    if (Object.isFrozen(attributes)) byIdentity.set(attributes, series);
    return series;
  }

  function findOrAdd(content: string, attributes: Attributes): Series {
    let series = byContent.get(content);
    if (series === undefined) {
      series = {
        attributes: { ...attributes },
        startTime: millisToHrTime(Date.now()),
        counts: new Array(boundaries.length + 1).fill(0),
        count: 0,
        sum: 0,
        min: Number.POSITIVE_INFINITY,
        max: Number.NEGATIVE_INFINITY,
      };
      byContent.set(content, series);
    }
    return series;
  }

  return {
    record(value, attributes = NONE) {
      const series = byIdentity.get(attributes) ?? find(attributes);
      let bucket = 0;
      while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket++;
      series.counts[bucket] = (series.counts[bucket] as number) + 1;
      series.count += 1;
      series.sum += value;
      if (value < series.min) series.min = value;
      if (value > series.max) series.max = value;
    },
    createCollector(temporality) {
      const all = () => [...byContent.values()];
      return temporality === AggregationTemporality.CUMULATIVE
        ? (now) => all().map((series) => cumulativePoint(series, boundaries, now))
        : createDeltaCollector(all, boundaries);
    },
  };
}

function contentOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function cumulativePoint(
  { attributes, startTime, counts, count, sum, min, max }: Series,
  boundaries: readonly number[],
  endTime: HrTime,
): DataPoint<Histogram> {
  const buckets = { boundaries: [...boundaries], counts: [...counts] };
  return { attributes, startTime, endTime, value: { buckets, count, sum, min, max } };
}

/** What has come since the last collection; of that the least and the greatest value are not known. */
function createDeltaCollector(
  all: () => Series[],
  boundaries: readonly number[],
): (now: HrTime) => DataPoint<Histogram>[] {
  const before = new Map<Series, Pick<Series, 'counts' | 'count' | 'sum'>>();
  let lastTime: HrTime | undefined;

  return function collectDelta(endTime) {
    const points = all().flatMap((series): DataPoint<Histogram>[] => {
      const { attributes, counts, count, sum } = series;
      const told = before.get(series) ?? { counts: [], count: 0, sum: 0 };
      if (count === told.count) return [];
      before.set(series, { counts: [...counts], count, sum });
      const startTime = lastTime ?? series.startTime;
      const value = {
        buckets: {
          boundaries: [...boundaries],
          counts: counts.map((each, i) => each - (told.counts[i] ?? 0)),
        },
        count: count - told.count,
        sum: sum - told.sum,
      };
      return [{ attributes, startTime, endTime, value }];
    });
    lastTime = endTime;
    return points;
  };
}
