import type { MiddlewareHandler } from 'hono';
import { resolveRequest } from 'hono-opentelemetry';
import { respondWithError } from '../errors/index.ts';

/**
 * Refuses requests for other host names with 421, and malformed ones with 400.
 *
 * With DNS rebinding, a site points its own name at the user's machine. To the browser both are one
 * origin, so only the `Host` header shows it.
 * @param isOwnHost returns true for a host name of the app, in the form of `URL.hostname`
 */
export function checkHost(isOwnHost: (hostname: string) => boolean): MiddlewareHandler {
  return function checkHost(c, next) {
    const { isMalformed, hostnames } = resolveRequest(c);
    if (isMalformed) {
      return Promise.resolve(respondWithError(c, 400, ({ errors }) => errors.invalidRequest));
    }
    if (hostnames.every(isOwnHost)) return next();
    return Promise.resolve(respondWithError(c, 421, ({ errors }) => errors.unknownHost));
  };
}
