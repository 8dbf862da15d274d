import type { MiddlewareHandler } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import { answerProblem, type ProblemResponse } from '../errors/problem.ts';

/** From the most specific media range to the least, of which the first that is there decides. */
const RANGES = ['application/json', 'application/*', '*/*'];

/** Refuses a client that does not take JSON, with a 406 (RFC 9110, section 12.5.1). */
export const acceptJson: MiddlewareHandler<
  object,
  string,
  object,
  ProblemResponse<406>
> = async function acceptJson(c, next) {
  const header = c.req.header('Accept');
  if (!header || takesJson(header)) return next();
  return answerProblem(c, 406, 'All that there is here is application/json.');
};

function takesJson(header: string): boolean {
  const accepted = parseAccept(header);
  if (accepted.length === 0) return true;
  for (const range of RANGES) {
    const found = accepted.find(({ type }) => type.toLowerCase() === range);
    if (found) return found.q > 0;
  }
  return false;
}
