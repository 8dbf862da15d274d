import { isSpanContextValid, type Span } from '@opentelemetry/api';
import type { Context } from 'hono';
import { formatTraceparent } from '../../traceparent.ts';
import { BODILESS, setsTextType } from '../response-end.ts';
import type { Outgoing } from '../server-env.ts';

/**
 * Sets a header with the span context of a response. Without an SDK the active span is the caller's, and
 * no header is set.
 * @see https://www.w3.org/TR/server-timing/
 * @see https://w3c.github.io/trace-context/#traceresponse-header (level 2, draft)
 */
export function setTraceResponseHeaders(
  c: Context,
  outgoing: Outgoing | undefined,
  span: Span,
): void {
  const spanContext = span.spanContext();
  if (!isSpanContextValid(spanContext) || spanContext.isRemote) return;
  // A server that switches protocols compares the response object by identity, so it must not change.
  if (c.res.status === 101) return;
  const id = formatTraceparent(spanContext);
  const { headers } = c.res;
  const isPage = headers.get('Content-Type')?.startsWith('text/html');
  if (isPage) {
    const timings = otherTimings(headers.get('Server-Timing'));
    setHeader(c, outgoing, 'Server-Timing', [...timings, `trace;desc="${id}"`].join(', '));
  } else {
    setHeader(c, outgoing, 'traceresponse', id);
  }
}

/** Returns the entries of `Server-Timing` except for the trace of an upstream response. */
function otherTimings(value: string | null): string[] {
  const entries = value?.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/g) ?? [];
  return entries.map((entry) => entry.trim()).filter((entry) => !/^trace\s*(?:;|$)/i.test(entry));
}

/**
 * Sets a header of this response only. An app may return one `Response` object for many requests, so
 * the header is set on the server's response object, or on a copy.
 */
function setHeader(c: Context, outgoing: Outgoing | undefined, name: string, value: string): void {
  const { res } = c;
  if (outgoing !== undefined && !res.headers.has(name)) {
    if (!outgoing.headersSent) outgoing.setHeader(name, value);
    return;
  }
  // Other servers send a body once, so only a response without one can be shared.
  if (hasNoBody(res)) replaceResponse(c, new Response(null, res));
  try {
    c.res.headers.set(name, value);
  } catch {
    // The headers of a response from fetch() are immutable. Hono copies them.
    c.header(name, value);
  }
}

/**
 * Returns true if a response has no body, as far as that can be found without side effects. On Bun,
 * reading `Response.body` of a string changes its type, and cloning a stream buffers all of it.
 */
function hasNoBody(res: Response): boolean {
  if (BODILESS.has(res.status)) return true;
  if (res.headers.has('content-type')) return false;
  if (setsTextType()) return res.body === null;
  return res.status !== 200 && res.clone().body === null;
}

/** Replaces the response without its headers, which Hono would copy from the previous response. */
function replaceResponse(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}
