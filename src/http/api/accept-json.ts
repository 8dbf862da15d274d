import type { MiddlewareHandler } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import { type ProblemResponse, respondWithProblem } from '../errors/index.ts';

/** Media ranges, the most specific first. The first one in the header decides. */
const RANGES = ['application/json', 'application/*', '*/*'];

/** Refuses clients that do not accept JSON with 406 (RFC 9110, section 12.5.1). */
export const acceptJson: MiddlewareHandler<
  object,
  string,
  object,
  ProblemResponse<406>
> = async function acceptJson(c, next) {
  const header = c.req.header('Accept');
  if (!header || acceptsJson(header)) return next();
  return respondWithProblem(c, 406, 'Only application/json is available here.');
};

function acceptsJson(header: string): boolean {
  const accepted = parseAccept(header);
  if (accepted.length === 0) return true;
  for (const range of RANGES) {
    const found = accepted.find(({ type }) => type.toLowerCase() === range);
    if (found) return found.q > 0;
  }
  return false;
}
