import type { Context, MiddlewareHandler } from 'hono';
import { respondWithError } from '../errors/index.ts';
import { isApiPath } from '../paths.ts';
import { getRequestOrigin } from './request-origin.ts';

/**
 * Refuses requests from pages of other sites with 403. `Sec-Fetch-Site` decides; browsers omit it
 * over plain HTTP except on localhost, and then `Origin` has to be the app's. A client that sends
 * neither is not a browser and has no user's credentials to abuse.
 *
 * Hono's `csrf()` only checks form content types, and would let JSON pass.
 * @param apiOrigins origins whose pages may use the API, and nothing else
 */
export function csrf(apiOrigins: readonly string[] = []): MiddlewareHandler {
  return async function csrf(c, next) {
    if (isApiPath(c.req.path) && apiOrigins.includes(c.req.header('Origin') ?? '')) return next();
    if (isSameSiteRequest(c)) return next();
    return respondWithError(c, 403, ({ errors }) => errors.otherSite);
  };
}

function isSameSiteRequest(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = c.req.header('Origin');
  return origin === undefined || origin === getRequestOrigin(c);
}
