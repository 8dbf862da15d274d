import type { Attributes, HrTime, SpanContext } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import type { Histogram } from '@opentelemetry/sdk-metrics';
import type { Exemplar, PointWithExemplars } from 'opentelemetry-instrument-exporters';
import { readTime } from '../clock/index.ts';

/** The time series of one histogram, by attributes. */
export interface HistogramAggregator {
  /**
   * Adds a value to the series with these attributes.
   * @param span the span of the measurement, if it becomes the exemplar of its bucket; null outside of a span
   */
  record(value: number, attributes?: Attributes, span?: SpanContext | null): void;
  /** Returns the cumulative data points. */
  collect(now: HrTime): PointWithExemplars<Histogram>[];
}

/** The latest measurement in a bucket. It is overwritten, so that a measurement allocates nothing. */
interface LatestMeasurement {
  value: number;
  /** Milliseconds since 1970. */
  time: number;
  span: SpanContext | null;
}

interface Series {
  readonly attributes: Attributes;
  readonly startTime: HrTime;
  readonly counts: number[];
  /** The latest measurement of each bucket. */
  readonly latest: (LatestMeasurement | undefined)[];
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
        latest: new Array(boundaries.length + 1).fill(undefined),
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
    record(value, attributes = NONE, span) {
      const series = byIdentity.get(attributes) ?? find(attributes);
      let bucket = 0;
      while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket++;
      series.counts[bucket] = (series.counts[bucket] as number) + 1;
      series.count += 1;
      series.sum += value;
      if (value < series.min) series.min = value;
      if (value > series.max) series.max = value;
      if (span !== undefined) remember(series.latest, bucket, value, span);
    },
    collect: (now) => [...byContent.values()].map((series) => dataPoint(series, boundaries, now)),
  };
}

function remember(
  latest: Series['latest'],
  bucket: number,
  value: number,
  span: SpanContext | null,
): void {
  const known = latest[bucket];
  if (known === undefined) {
    latest[bucket] = { value, time: Date.now(), span };
    return;
  }
  known.value = value;
  known.time = Date.now();
  known.span = span;
}

function contentOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dataPoint(
  { attributes, startTime, counts, latest, count, sum, min, max }: Series,
  boundaries: readonly number[],
  endTime: HrTime,
): PointWithExemplars<Histogram> {
  const buckets = { boundaries: [...boundaries], counts: [...counts] };
  const exemplars = latest.flatMap((each) => (each ? toExemplar(each) : []));
  const value = { buckets, count, sum, min, max };
  return { attributes, startTime, endTime, value, ...(exemplars.length > 0 && { exemplars }) };
}

function toExemplar({ value, time, span }: LatestMeasurement): Exemplar {
  const timestamp = millisToHrTime(time);
  const filteredAttributes = {};
  if (span === null) return { timestamp, value, filteredAttributes };
  return { timestamp, value, filteredAttributes, traceId: span.traceId, spanId: span.spanId };
}
