import type { MiddlewareHandler } from 'hono';
import { answerError } from './answer-error.ts';
import { type ConnectionBindings, type ConnectionContext, ownOrigin } from './own-origin.ts';

/**
 * Refuses what another site's page sends, with a 403. `Sec-Fetch-Site` decides; where a browser
 * leaves it out (plain HTTP beyond localhost), `Origin` has to be the app's own. A client that sends
 * neither is no browser, carries nobody's rights with it and passes.
 * @param trustProxy whether `Forwarded` and `X-Forwarded-*` of this address count
 */
export function refuseCrossSite(
  trustProxy: (address: string) => boolean,
): MiddlewareHandler<{ Bindings: ConnectionBindings }> {
  return async function refuseCrossSite(c, next) {
    if (isSameSiteRequest(c, trustProxy)) return next();
    return answerError(c, 403, {
      title: 'Sent from another site',
      text: 'The list changes only through its own page. Please open it and try again.',
    });
  };
}

function isSameSiteRequest(c: ConnectionContext, trustProxy: (address: string) => boolean) {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = c.req.header('Origin');
  return origin === undefined || origin === ownOrigin(c, trustProxy);
}
