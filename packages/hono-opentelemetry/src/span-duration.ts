import type { HrTime, Span } from '@opentelemetry/api';

/** A timer of a span. */
export interface SpanTimer {
  /** Returns the duration of the ended span in seconds. */
  seconds(span: Span | undefined): number;
}

/**
 * Starts a timer whose result equals the duration of the span, so that span and metric agree. Spans of
 * the SDK are readable if they are sampled; for others the timer measures the time itself.
 */
export function startSpanTimer(): SpanTimer {
  const startTime = performance.now();
  return {
    seconds(span) {
      const { duration } = (span ?? {}) as { duration?: HrTime };
      return duration ? duration[0] + duration[1] / 1e9 : (performance.now() - startTime) / 1000;
    },
  };
}
