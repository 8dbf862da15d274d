import type { HrTime } from '@opentelemetry/api';

/** Creates a function that formats times in microseconds: `2026-11-20T23:46:29.899129Z`. */
export function createTimestamp(): (time: HrTime) => string {
  // Formatting a date costs a microsecond, and most records are from the same second as the last one.
  let second = Number.NaN;
  let prefix = '';
  return function timestamp([seconds, nanos]) {
    if (seconds !== second) {
      prefix = new Date(seconds * 1_000).toISOString().slice(0, 20);
      second = seconds;
    }
    return `${prefix}${String(Math.trunc(nanos / 1_000)).padStart(6, '0')}Z`;
  };
}
