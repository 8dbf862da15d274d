import type { Context } from 'hono';
import { answerMethodNotAllowed } from '../errors/respond-with-failure.ts';

/**
 * Makes the handler for what a path has no other for: OPTIONS gets 204 and what there is (RFC 9110,
 * section 9.3.7), every other method 405.
 * @param allow the methods that there are: `GET, HEAD, OPTIONS`
 * @param headers that OPTIONS gets besides
 */
export function answerOtherMethods(
  allow: string,
  headers: Readonly<Record<string, string>> = {},
): (c: Context) => Response {
  const refuse = answerMethodNotAllowed(allow);
  return function answerOtherMethods(c) {
    return c.req.method === 'OPTIONS' ? c.body(null, 204, { Allow: allow, ...headers }) : refuse(c);
  };
}
