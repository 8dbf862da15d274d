import type { HrTime } from '@opentelemetry/api';

/** Returns a time or duration in milliseconds, with fractions; 0 for an invalid one. */
export function millisOf([seconds, nanos]: HrTime): number {
  const millis = seconds * 1_000 + nanos / 1_000_000;
  return Number.isFinite(millis) ? millis : 0;
}

/** Compares times, for sorting the earliest first. */
export function compareHrTimes(a: HrTime, b: HrTime): number {
  return a[0] - b[0] || a[1] - b[1];
}
