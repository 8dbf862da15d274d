import type { HrTime, Span } from '@opentelemetry/api';

/**
 * Returns the duration of an ended span in seconds, so that span and metric agree. Spans of the SDK are
 * readable if they are sampled; for others the time since `startTime` counts.
 */
export function spanSeconds(span: Span | undefined, startTime: number): number {
  const { duration } = (span ?? {}) as { duration?: HrTime };
  return duration ? duration[0] + duration[1] / 1e9 : (performance.now() - startTime) / 1000;
}

/** Returns the time some seconds after the start of a span, on the clock of the span. */
export function timeAfter(span: Span, seconds: number): number | undefined {
  const { startTime } = span as { startTime?: HrTime };
  return startTime && startTime[0] * 1e3 + startTime[1] / 1e6 + seconds * 1e3;
}
