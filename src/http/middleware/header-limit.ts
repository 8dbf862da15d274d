import type { MiddlewareHandler } from 'hono';
import { respondWithError } from '../errors/index.ts';

/**
 * Refuses longer URLs with 414 and larger headers with 431. Reading all headers costs several
 * microseconds on Node, so use it only under servers that limit neither (Deno's).
 * @param maxSize bytes of the URL, and of the names and values of all headers together
 */
export function headerLimit(maxSize: number): MiddlewareHandler {
  const kilobytes = maxSize / 1024;
  return async function headerLimit(c, next) {
    if (c.req.url.length > maxSize) {
      return respondWithError(c, 414, ({ errors }) => errors.longAddress(kilobytes));
    }
    let size = 0;
    // The server's strings have one character per byte of a header.
    for (const [name, value] of c.req.raw.headers) size += name.length + value.length;
    if (size <= maxSize) return next();
    return respondWithError(c, 431, ({ errors }) => errors.largeHeaders(kilobytes));
  };
}
