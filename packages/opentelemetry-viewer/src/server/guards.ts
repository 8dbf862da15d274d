import type { Context, MiddlewareHandler } from 'hono';
import { ownHosts, refuseHost } from 'opentelemetry-instrument-exporters/hosts';

export interface GuardOptions {
  /** Host names that are accepted in addition to loopback names and addresses. @default [] */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Web pages that may send requests: those of this server, or those of any server on this machine.
   * @default 'own'
   */
  readonly origins?: 'own' | 'loopback' | undefined;
}

/**
 * Refuses requests that a foreign web page could have sent.
 *
 * A page that has pointed its domain at this machine (DNS rebinding) shows in `Host`, any other page in
 * `Origin` or `Sec-Fetch-Site`. Programs such as curl send neither of the two and pass. Links from
 * foreign pages pass, too: those pages cannot read where the links lead.
 */
export function guardRequests({
  allowedHosts = [],
  origins = 'own',
}: GuardOptions = {}): MiddlewareHandler {
  const isOwnHost = ownHosts(allowedHosts);

  function isAllowedOrigin(origin: string, c: Context): boolean {
    const url = URL.parse(origin);
    if (url === null) return false;
    if (origins === 'own') return url.origin === new URL(c.req.url).origin;
    return refuseHost(url.host, isOwnHost) === undefined;
  }

  function isForeignPage(c: Context): boolean {
    const site = c.req.header('Sec-Fetch-Site');
    // Decides first: without a referrer, forms of our own pages have the origin "null".
    if (site === 'same-origin') return false;
    const origin = c.req.header('Origin');
    if (origin !== undefined) return !isAllowedOrigin(origin, c);
    return site !== undefined && site !== 'none' && !isTopNavigation(c);
  }

  return async function guardRequests(c, next) {
    // The two differ when the request line has an absolute URL.
    const hosts = [c.req.header('Host'), new URL(c.req.url).host];
    const status = hosts
      .filter((host) => host !== undefined)
      .map((host) => refuseHost(host, isOwnHost))
      .find((refusal) => refusal !== undefined);
    if (status !== undefined) {
      return c.text(
        'The viewer does not respond under this host name. Use localhost or 127.0.0.1.\n',
        status,
      );
    }
    if (isForeignPage(c)) {
      return c.text('The viewer does not respond to requests of other web pages.\n', 403);
    }
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    if (origins === 'own') c.header('Cross-Origin-Resource-Policy', 'same-origin');
  };
}

/** Returns whether the user follows a link. Frames navigate, too, but are part of the foreign page. */
function isTopNavigation(c: Context): boolean {
  return (
    c.req.header('Sec-Fetch-Mode') === 'navigate' && c.req.header('Sec-Fetch-Dest') === 'document'
  );
}
