import type { Context, MiddlewareHandler } from 'hono';
import { respondWithError } from '../errors/index.ts';

/**
 * Refuses larger bodies, declared or streamed, with 413, and incomplete ones with 400.
 *
 * Hono's own middleware replaces the request by a copy, for which Deno prints a warning about
 * `request.signal`. This one puts a streamed body where `c.req` caches it.
 */
export function bodyLimit(maxSize: number): MiddlewareHandler {
  return async function bodyLimit(c, next) {
    const { body, headers } = c.req.raw;
    if (body === null) return next();
    if (headers.has('Content-Length') && !headers.has('Transfer-Encoding')) {
      const isAllowed = Number(headers.get('Content-Length')) <= maxSize;
      return isAllowed ? next() : refuse(c, maxSize);
    }
    let read: ArrayBuffer | undefined;
    try {
      read = await readBody(body, maxSize);
    } catch {
      // The client closed the connection or sent a broken chunk; that is not a server error.
      return respondWithError(c, 400, ({ errors }) => errors.incomplete);
    }
    if (read === undefined) return refuse(c, maxSize);
    // Hono caches promises, which its types omit.
    Object.assign(c.req.bodyCache, { arrayBuffer: Promise.resolve(read) });
    return next();
  };
}

function refuse(c: Context, maxSize: number): Response {
  return respondWithError(c, 413, ({ errors }) => errors.largeBody(maxSize / 1024));
}

/** Reads a body of unknown length. Returns undefined if it is larger than `maxSize`. */
async function readBody(
  body: ReadableStream<Uint8Array>,
  maxSize: number,
): Promise<ArrayBuffer | undefined> {
  const bytes = new Uint8Array(maxSize);
  // Not for-await, which would cancel the stream and with it the connection.
  const reader = body.getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.buffer.slice(0, size);
    if (size + value.length > maxSize) return undefined;
    bytes.set(value, size);
    size += value.length;
  }
}
