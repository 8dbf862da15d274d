import type { MetricPoint } from '../../store/index.ts';

/** Counts of a histogram during a span of time. */
export interface Buckets {
  readonly bounds: readonly number[];
  /** One more than the bounds. */
  readonly counts: readonly number[];
}

/**
 * Estimates a percentile by linear interpolation within the bucket that holds it, as Prometheus does.
 * @param quantile from 0 to 1
 * @returns undefined for an empty histogram; the highest bound for a value above it
 */
export function estimatePercentile({ bounds, counts }: Buckets, quantile: number) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0 || bounds.length === 0) return undefined;
  const rank = quantile * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const upper = bounds[index];
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
  for (const each of all) {
    if (each.bounds.join() !== first.bounds.join()) continue;
    for (const [index, count] of each.counts.entries()) {
      counts[index] = (counts[index] ?? 0) + count;
    }
  }
  return { bounds: first.bounds, counts };
}

/** Returns the observations between two cumulative points; all of `to` after a restart. */
export function bucketsBetween(from: MetricPoint | undefined, to: MetricPoint): Buckets {
  const counts = to.counts ?? [];
  const isReset = from === undefined || from.value > to.value;
  return {
    bounds: to.bounds ?? [],
    counts: isReset
      ? counts
      : counts.map((count, i) => Math.max(0, count - (from.counts?.[i] ?? 0))),
  };
}

/** Returns how much a cumulative value grew between two points; all of `to` after a restart. */
export function increase(from: MetricPoint | undefined, to: MetricPoint): number {
  return from === undefined || from.value > to.value ? to.value : to.value - from.value;
}
