import { propagation } from '@opentelemetry/api';
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isApiPath } from '../paths.ts';

/** Time for which browsers may cache a preflight response. */
const MAX_AGE_SECONDS = 600;

/** Always allowed, so that pages that send W3C's headers work with any `OTEL_PROPAGATORS`. */
const W3C_FIELDS = ['traceparent', 'tracestate', 'baggage'];

/**
 * Allows pages of other origins to use the API from a browser, without cookies (CORS).
 *
 * The pages may send the headers that the global propagator reads, so register it before.
 * @param origins such as `https://a.example`
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function apiCors(origins: readonly string[]): MiddlewareHandler {
  const traceFields = new Set([...W3C_FIELDS, ...propagation.fields()]);
  const allow = cors({
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
    maxAge: MAX_AGE_SECONDS,
  });

  return async function apiCors(c, next) {
    // `cors()` responds to every OPTIONS request, also to those that are not a preflight.
    const isPlainOptions =
      c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') === undefined;
    return isApiPath(c.req.path) && !isPlainOptions ? allow(c, next) : next();
  };
}
