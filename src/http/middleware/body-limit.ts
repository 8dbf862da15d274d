import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { answerError } from '../errors/respond-with-error.ts';

/** Refuses bodies that are larger, declared or streamed, with a 413, and those that break off with a 400. */
export function limitBody(maxSize: number): MiddlewareHandler {
  const measure = bodyLimit({
    maxSize,
    onError: (c) =>
      answerError(c, 413, {
        title: 'Too much at once',
        text: `The server takes up to ${maxSize / 1024} kB. Please send something shorter.`,
      }),
  });

  return async function limitBody(c, next) {
    let refusal: Response | undefined;
    try {
      refusal = (await measure(c, async () => {})) ?? undefined;
    } catch {
      // The client went away or broke its own chunks: its fault, which must not count as ours.
      refusal = answerError(c, 400, {
        title: 'Incomplete request',
        text: 'The request broke off. Please send it again.',
      });
    }
    return refusal ?? next();
  };
}
