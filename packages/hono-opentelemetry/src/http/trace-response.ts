import { isSpanContextValid, type Span } from '@opentelemetry/api';
import type { Context } from 'hono';
import { isTextTyped } from './response-end.ts';
import type { Outgoing } from './server-env.ts';

/** Statuses of responses that never have a body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Writes on a response which span it came from. Nothing where there is no span of ours: a caller's
 * own would come back to it where no SDK is registered.
 * @see https://www.w3.org/TR/server-timing/
 * @see https://w3c.github.io/trace-context/#traceresponse-header (level 2, draft)
 */
export function answerWithTrace(c: Context, outgoing: Outgoing | undefined, span: Span): void {
  const spanContext = span.spanContext();
  if (!isSpanContextValid(spanContext) || spanContext.isRemote) return;
  // A server that switches protocols recognizes its own response object, so it must stay.
  if (c.res.status === 101) return;
  const { traceId, spanId, traceFlags } = spanContext;
  const id = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const { headers } = c.res;
  const isPage = headers.get('Content-Type')?.startsWith('text/html');
  if (isPage) {
    const timings = otherTimings(headers.get('Server-Timing'));
    setHeader(c, outgoing, 'Server-Timing', [...timings, `trace;desc="${id}"`].join(', '));
  } else {
    setHeader(c, outgoing, 'traceresponse', id);
  }
}

/** Returns the entries of `Server-Timing` that are not the trace of a response passed on. */
function otherTimings(value: string | null): string[] {
  const entries = value?.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/g) ?? [];
  return entries.map((entry) => entry.trim()).filter((entry) => !/^trace\s*(?:;|$)/i.test(entry));
}

/**
 * Sets a header of this response alone. An app may return one `Response` object for many requests,
 * so the header goes to the server's own end of the response, or on a copy.
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
    // The response came from fetch(): its headers cannot be changed. Hono copies it.
    c.header(name, value);
  }
}

/**
 * Whether a response has no body, as far as it can be known without harm: on Bun reading
 * `Response.body` of a text changes its type, and a copy of a stream keeps all of it in memory.
 */
function hasNoBody(res: Response): boolean {
  if (BODILESS.has(res.status)) return true;
  if (res.headers.has('content-type')) return false;
  if (isTextTyped()) return res.body === null;
  return res.status !== 200 && res.clone().body === null;
}

/** Hono copies the headers of the previous response into the next one, unless there is none. */
function replaceResponse(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}
