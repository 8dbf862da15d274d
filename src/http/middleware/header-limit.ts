import type { MiddlewareHandler } from 'hono';
import { answerError } from '../errors/respond-with-error.ts';

/**
 * Refuses requests whose URL or headers are larger, with a 414 or a 431. Reading all headers costs
 * several microseconds on Node, so it is for servers that limit neither (Deno's).
 * @param maxSize in bytes: of the URL, and of all names and values of headers together
 */
export function limitHeaders(maxSize: number): MiddlewareHandler {
  return async function limitHeaders(c, next) {
    if (c.req.url.length > maxSize) {
      return answerError(c, 414, {
        title: 'Address too long',
        text: `The server takes addresses of up to ${maxSize / 1024} kB.`,
      });
    }
    let size = 0;
    // The server's strings have one character for each byte of a header.
    for (const [name, value] of c.req.raw.headers) size += name.length + value.length;
    if (size <= maxSize) return next();
    return answerError(c, 431, {
      title: 'Too many headers',
      text: `The server takes up to ${maxSize / 1024} kB of headers. Deleting cookies may help.`,
    });
  };
}
