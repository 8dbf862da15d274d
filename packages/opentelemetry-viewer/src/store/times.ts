import type { HrTime } from '@opentelemetry/api';

/** Returns a time or duration in milliseconds, with fractions. */
export function millisOf([seconds, nanos]: HrTime): number {
  return seconds * 1_000 + nanos / 1_000_000;
}

/** Compares times, for sorting the earliest first. */
export function compareHrTimes(a: HrTime, b: HrTime): number {
  return a[0] - b[0] || a[1] - b[1];
}
