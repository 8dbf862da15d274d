import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/** Seconds for which a browser may remember what it was allowed. */
const MAX_AGE = 600;

/**
 * Lets pages of other origins use the API from a browser, without cookies (CORS).
 * @param origins such as `https://a.example`
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function shareApi(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['Content-Type', 'If-Match', 'If-None-Match', 'traceparent', 'tracestate'],
    exposeHeaders: ['Location', 'Link', 'ETag', 'Retry-After', 'Allow', 'traceresponse'],
    maxAge: MAX_AGE,
  });
}
