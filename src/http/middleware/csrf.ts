import type { Context, MiddlewareHandler } from 'hono';
import { isApiPath } from '../api/is-api-path.ts';
import { answerError } from '../errors/respond-with-error.ts';
import { ownOrigin } from './request-origin.ts';

/**
 * Refuses what another site's page sends, with a 403. `Sec-Fetch-Site` decides; where a browser
 * leaves it out (plain HTTP beyond localhost), `Origin` has to be the app's own. A client that sends
 * neither is no browser, carries nobody's rights with it and passes.
 * @param apiOrigins whose pages may use the API all the same, and nothing else
 */
export function refuseCrossSite(apiOrigins: readonly string[] = []): MiddlewareHandler {
  return async function refuseCrossSite(c, next) {
    if (isApiPath(c.req.path) && apiOrigins.includes(c.req.header('Origin') ?? '')) return next();
    if (isSameSiteRequest(c)) return next();
    return answerError(c, 403, {
      title: 'Sent from another site',
      text: 'The list takes changes from its own pages, and from the sites that its operator allows.',
    });
  };
}

function isSameSiteRequest(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = c.req.header('Origin');
  return origin === undefined || origin === ownOrigin(c);
}
