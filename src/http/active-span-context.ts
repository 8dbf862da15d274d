import { isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api';

/** Where the request can be found, while a span is there. */
export function activeSpanContext(): SpanContext | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? spanContext : undefined;
}
