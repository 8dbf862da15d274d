import type { Attributes, HrTime } from '@opentelemetry/api';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import { readTime } from '../clock/span-clock.ts';

/** The time series of one histogram, by attributes. */
export interface HistogramAggregator {
  /** Adds a value to the series with these attributes. */
  record(value: number, attributes?: Attributes): void;
  /** Returns the cumulative data points. */
  collect(now: HrTime): DataPoint<Histogram>[];
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

/** Maximum number of series, including the overflow series; the default of the specification. */
const MAX_SERIES = 2_000;
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };
const NONE: Attributes = Object.freeze({});

/**
 * Creates an aggregator with explicit buckets.
 * @param boundaries upper bounds of the buckets, inclusive and ascending
 */
export function createHistogramAggregator(boundaries: readonly number[]): HistogramAggregator {
  const byIdentity = new WeakMap<Attributes, Series>();
  const byContent = new Map<string, Series>();

  function find(attributes: Attributes): Series {
    const content = contentOf(attributes);
    const isTooMany = byContent.size >= MAX_SERIES - 1 && !byContent.has(content);
    const series = isTooMany
      ? findOrAdd(contentOf(OVERFLOW), OVERFLOW)
      : findOrAdd(content, attributes);
    // A frozen object cannot change, so its series can be cached by identity.
    if (Object.isFrozen(attributes)) byIdentity.set(attributes, series);
    return series;
  }

  function findOrAdd(content: string, attributes: Attributes): Series {
    let series = byContent.get(content);
    if (series === undefined) {
      series = {
        attributes: { ...attributes },
        startTime: readTime(),
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
    collect: (now) => [...byContent.values()].map((series) => dataPoint(series, boundaries, now)),
  };
}

function contentOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dataPoint(
  { attributes, startTime, counts, count, sum, min, max }: Series,
  boundaries: readonly number[],
  endTime: HrTime,
): DataPoint<Histogram> {
  const buckets = { boundaries: [...boundaries], counts: [...counts] };
  return { attributes, startTime, endTime, value: { buckets, count, sum, min, max } };
}
