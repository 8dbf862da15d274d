import { propagation } from '@opentelemetry/api';
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isApiPath } from '../api/is-api-path.ts';

/** Seconds for which a browser may remember what it was allowed. */
const MAX_AGE = 600;

/** Always allowed, so that pages that send W3C's headers work with any `OTEL_PROPAGATORS`. */
const W3C_FIELDS = ['traceparent', 'tracestate', 'baggage'];

/**
 * Lets pages of other origins use the API from a browser, without cookies (CORS).
 *
 * The pages may send what the global propagator reads, which must have been registered before.
 * @param origins such as `https://a.example`
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function shareApi(origins: readonly string[]): MiddlewareHandler {
  const traceFields = new Set([...W3C_FIELDS, ...propagation.fields()]);
  const share = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['Content-Type', 'If-Match', 'If-None-Match', ...traceFields],
    exposeHeaders: [
      'Location',
      'Link',
      'ETag',
      'Retry-After',
      'Allow',
      'Accept-Patch',
      'Accept-Post',
      'traceresponse',
    ],
    maxAge: MAX_AGE,
  });

  return async function shareApi(c, next) {
    // `cors()` answers every OPTIONS; one that asks for no method is no preflight.
    const isQuestion =
      c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') === undefined;
    return isApiPath(c.req.path) && !isQuestion ? share(c, next) : next();
  };
}
