import type { MiddlewareHandler } from 'hono';
import { answerError } from '../errors/respond-with-error.ts';
import { clientNetwork } from './rate-limit-key.ts';
import { createTokenBuckets } from './token-buckets.ts';

/**
 * Refuses what one client sends beyond a rate, with a 429 that says when to come again. After a
 * pause two seconds' worth may come at once.
 *
 * Under a server that tells no peer nothing is refused: in one bucket for all, one client would
 * lock out the others.
 * @param rate requests a second and client (see `clientNetwork()`)
 * @param things what is sent, for a person
 */
export function limitRate(rate: number, things = 'changes'): MiddlewareHandler {
  const takeToken = createTokenBuckets({ rate });

  return async function limitRate(c, next) {
    const client = clientNetwork(c);
    const seconds = client === undefined ? 0 : takeToken(client);
    if (seconds === 0) return next();
    return answerError(
      c,
      429,
      {
        title: 'Too fast',
        text: `The server takes up to ${rate} ${things} a second from one address. Please wait a moment.`,
      },
      { 'Retry-After': String(Math.ceil(seconds)) },
    );
  };
}
