import { isSpanContextValid, type Span } from '@opentelemetry/api';
import type { Context } from 'hono';

/**
 * Writes on a response which span it came from. Nothing where there is no span of ours: a caller's
 * own would come back to it where no SDK is registered.
 * @see https://www.w3.org/TR/server-timing/
 * @see https://w3c.github.io/trace-context/#traceresponse-header (level 2, draft)
 */
export function answerWithTrace(c: Context, span: Span): void {
  const spanContext = span.spanContext();
  if (!isSpanContextValid(spanContext) || spanContext.isRemote) return;
  const { traceId, spanId, traceFlags } = spanContext;
  const id = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const isPage = c.res.headers.get('Content-Type')?.startsWith('text/html');
  if (isPage) addHeader(c, 'Server-Timing', `trace;desc="${id}"`);
  else addHeader(c, 'traceresponse', id);
}

/** Headers of a response that came from elsewhere, as from fetch(), cannot be changed: it is copied. */
function addHeader(c: Context, name: string, value: string): void {
  try {
    c.res.headers.append(name, value);
  } catch {
    c.header(name, value, { append: true });
  }
}
