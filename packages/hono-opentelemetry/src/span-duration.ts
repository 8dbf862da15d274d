import type { HrTime, Span } from '@opentelemetry/api';

/** Measures a span that begins now. */
export interface SpanTimer {
  /** Returns the seconds that the ended span lasted. */
  seconds(span: Span | undefined): number;
}

/**
 * Returns a timer whose seconds equal the duration of the span, so that span and metric agree. The API
 * cannot read a span; the SDK's spans can be read, unless they are not sampled.
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
