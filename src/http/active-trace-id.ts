import { isSpanContextValid, trace } from '@opentelemetry/api';

/** The id under which the request can be found, while a span is there. */
export function activeTraceId(): string | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}
