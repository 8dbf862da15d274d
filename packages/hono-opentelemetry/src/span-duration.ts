import type { HrTime, Span } from '@opentelemetry/api';

/** A timer of a span. */
export interface SpanTimer {
  /** Returns the duration of the ended span in seconds. */
  seconds(span: Span | undefined): number;
}

/** Starts a timer whose result equals the duration of the span. */
export function startSpanTimer(): SpanTimer {
  const startTime = performance.now();
  return { seconds: (span) => spanSeconds(span, startTime) };
}

/**
 * Returns the duration of an ended span in seconds, so that span and metric agree. Spans of the SDK are
 * readable if they are sampled; for others the time since `startTime` counts.
 */
export function spanSeconds(span: Span | undefined, startTime: number): number {
  const { duration } = (span ?? {}) as { duration?: HrTime };
  return duration ? duration[0] + duration[1] / 1e9 : (performance.now() - startTime) / 1000;
}
