import { isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api';

/** Where the request can be found, while a span of ours is there: a caller's own says nothing of us. */
export function activeSpanContext(): SpanContext | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) && !spanContext.isRemote
    ? spanContext
    : undefined;
}
