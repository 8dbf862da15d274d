import type { Context, MiddlewareHandler } from 'hono';
import { answerErrorPage } from './error-page.ts';

/** What is read of the connection: who is on its other end. */
interface ConnectionBindings {
  readonly peer?: { readonly address: string } | undefined;
}

type ConnectionContext = Context<{ Bindings: ConnectionBindings }>;

/**
 * Refuses what another site's page sends, with a 403. `Sec-Fetch-Site` decides; where a browser
 * leaves it out (plain HTTP beyond localhost), `Origin` has to be the app's own. A client that sends
 * neither is no browser, carries nobody's rights with it and passes.
 * @param trustProxy whether `X-Forwarded-Proto` and `X-Forwarded-Host` of this address count
 */
export function refuseCrossSite(
  trustProxy: (address: string) => boolean,
): MiddlewareHandler<{ Bindings: ConnectionBindings }> {
  return async function refuseCrossSite(c, next) {
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
  const scheme = first(c.req.header('X-Forwarded-Proto')) ?? protocol.slice(0, -1);
  const authority = first(c.req.header('X-Forwarded-Host')) ?? host;
  const forwarded = `${scheme}://${authority}`;
  return URL.canParse(forwarded) ? new URL(forwarded).origin : undefined;
}

/** The first of a chain of proxies speaks for the browser. */
function first(list: string | undefined): string | undefined {
  return list?.split(',', 1)[0]?.trim() || undefined;
}
