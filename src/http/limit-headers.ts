import type { MiddlewareHandler } from 'hono';
import { answerError } from './answer-error.ts';

/**
 * Refuses requests whose headers are larger in total, with a 431. Reading all headers costs several
 * microseconds on Node, so it is for servers that do not limit headers themselves (Deno's).
 * @param maxSize in bytes, names and values together
 */
export function limitHeaders(maxSize: number): MiddlewareHandler {
  return async function limitHeaders(c, next) {
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
