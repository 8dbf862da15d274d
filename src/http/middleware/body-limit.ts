import type { MiddlewareHandler } from 'hono';
import { bodyLimit as honoBodyLimit } from 'hono/body-limit';
import { respondWithError } from '../errors/index.ts';

/** Refuses larger bodies, declared or streamed, with 413, and incomplete ones with 400. */
export function bodyLimit(maxSize: number): MiddlewareHandler {
  const measure = honoBodyLimit({
    maxSize,
    onError: (c) =>
      respondWithError(c, 413, {
        title: 'Request too large',
        text: `The server accepts up to ${maxSize / 1024} kB. Please send something shorter.`,
      }),
  });

  return async function bodyLimit(c, next) {
    let refusal: Response | undefined;
    try {
      refusal = (await measure(c, async () => {})) ?? undefined;
    } catch {
      // The client closed the connection or sent a broken chunk; that is not a server error.
      refusal = respondWithError(c, 400, {
        title: 'Incomplete request',
        text: 'The request ended too early. Please send it again.',
      });
    }
    return refusal ?? next();
  };
}
