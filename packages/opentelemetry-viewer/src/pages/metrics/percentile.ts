import type { MetricPoint } from '../../store/index.ts';

/** Counts of a histogram during a span of time. */
export interface Buckets {
  readonly bounds: readonly number[];
  /** One more than the bounds. */
  readonly counts: readonly number[];
  /** No value is smaller or larger. @default unknown */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/**
 * Estimates a percentile by linear interpolation within the bucket that holds it, as Prometheus does. The
 * estimate is kept between the smallest and the largest value: those of a single request are equal.
 * @param quantile from 0 to 1
 * @returns undefined for an empty histogram; the highest bound for a value above it whose maximum is unknown
 */
export function estimatePercentile(buckets: Buckets, quantile: number): number | undefined {
  const { min = Number.NEGATIVE_INFINITY, max = Infinity } = buckets;
  const estimate = interpolate(buckets, quantile);
  return estimate === undefined ? undefined : Math.min(max, Math.max(min, estimate));
}

function interpolate({ bounds, counts, max }: Buckets, quantile: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0 || bounds.length === 0) return undefined;
  const rank = quantile * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const upper = bounds[index] ?? max;
    if (upper === undefined) break;
    if (count > 0 && below + count >= rank) {
      const lower = index === 0 ? Math.min(0, upper) : (bounds[index - 1] ?? 0);
      return lower + (upper - lower) * ((rank - below) / count);
    }
    below += count;
  }
  return bounds.at(-1);
}

/** Adds up buckets with equal bounds; those with other bounds are left out. */
export function addBuckets(all: readonly Buckets[]): Buckets | undefined {
  const [first] = all;
  if (!first) return undefined;
  const counts = first.counts.map(() => 0);
  let [min, max] = [Infinity, Number.NEGATIVE_INFINITY];
  for (const each of all) {
    if (each.bounds.join() !== first.bounds.join()) continue;
    min = Math.min(min, each.min ?? Number.NEGATIVE_INFINITY);
    max = Math.max(max, each.max ?? Infinity);
    for (const [index, count] of each.counts.entries()) {
      counts[index] = (counts[index] ?? 0) + count;
    }
  }
  return { bounds: first.bounds, counts, min, max: Number.isFinite(max) ? max : undefined };
}

/** Returns the observations between two cumulative points; all of `to` after a restart. */
export function bucketsBetween(from: MetricPoint | undefined, to: MetricPoint): Buckets {
  const { counts = [], bounds = [], sum, min, max } = to;
  const before = from === undefined || from.value > to.value ? undefined : from;
  const between = counts.map((count, i) => Math.max(0, count - (before?.counts?.[i] ?? 0)));
  if (to.value - (before?.value ?? 0) !== 1) return { bounds, counts: between, min, max };
  const single = sum === undefined ? undefined : sum - (before?.sum ?? 0);
  return { bounds, counts: between, min: single ?? min, max: single ?? max };
}

/** Returns how much a cumulative value grew between two points; all of `to` after a restart. */
export function increase(from: MetricPoint | undefined, to: MetricPoint): number {
  return from === undefined || from.value > to.value ? to.value : to.value - from.value;
}
