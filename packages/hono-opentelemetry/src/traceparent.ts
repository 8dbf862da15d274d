import type { SpanContext } from '@opentelemetry/api';

/**
 * Returns a span context as a value of `traceparent`.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
