import type { MiddlewareHandler } from 'hono';
import { resolveRequest } from 'hono-opentelemetry';
import { answerError } from '../errors/respond-with-error.ts';

/**
 * Refuses requests that name a host of somebody else with a 421, and malformed ones with a 400.
 *
 * By DNS rebinding, the page of a site reaches a server on the user's machine under the site's own
 * name. To the browser both are one origin, so only the `Host` header shows it.
 * @param isOwnHost returns true for a host name of the app, in the form of `URL.hostname`
 */
export function checkHost(isOwnHost: (hostname: string) => boolean): MiddlewareHandler {
  return function checkHost(c, next) {
    const { isMalformed, hostnames } = resolveRequest(c);
    if (isMalformed) {
      return Promise.resolve(
        answerError(c, 400, {
          title: 'Not a valid request',
          text: 'The URL or the Host header of the request is not valid.',
        }),
      );
    }
    if (hostnames.every(isOwnHost)) return next();
    return Promise.resolve(
      answerError(c, 421, {
        title: 'Not this host',
        text: 'The server does not answer under this host name. Its operator can add the name to ALLOWED_HOSTS.',
      }),
    );
  };
}
