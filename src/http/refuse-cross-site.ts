import type { Context, MiddlewareHandler } from 'hono';
import { readForwarded } from '../tracing/index.ts';
import type { ConnectionBindings } from './client-network.ts';
import { answerErrorPage } from './error-page.ts';

type ConnectionContext = Context<{ Bindings: ConnectionBindings }>;

/**
 * Refuses what another site's page sends, with a 403. `Sec-Fetch-Site` decides; where a browser
 * leaves it out (plain HTTP beyond localhost), `Origin` has to be the app's own. A client that sends
 * neither is no browser, carries nobody's rights with it and passes.
 * @param trustProxy whether `Forwarded` and `X-Forwarded-*` of this address count
 * @param apiOrigins whose pages may use the API all the same, and nothing else
 */
export function refuseCrossSite(
  trustProxy: (address: string) => boolean,
  apiOrigins: readonly string[] = [],
): MiddlewareHandler<{ Bindings: ConnectionBindings }> {
  return async function refuseCrossSite(c, next) {
    const isApi = c.req.path.startsWith('/api/');
    if (isApi && apiOrigins.includes(c.req.header('Origin') ?? '')) return next();
    if (isSameSiteRequest(c, trustProxy)) return next();
    return answerErrorPage(c, 403, {
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

/** `undefined` when a proxy forwards something that makes no origin. */
function ownOrigin(c: ConnectionContext, trustProxy: (address: string) => boolean) {
  const { protocol, host, origin } = new URL(c.req.url);
  // Under a server that is not ours (app.request() included) there may be no bindings at all.
  const peer = c.env?.peer;
  if (!peer || !trustProxy(peer.address)) return origin;
  const forwarded = readForwarded((name) => c.req.header(name), trustProxy);
  const scheme = forwarded.scheme ?? protocol.slice(0, -1);
  const own = `${scheme}://${forwarded.host ?? host}`;
  return URL.canParse(own) ? new URL(own).origin : undefined;
}
