import type { Context } from 'hono';
import type { Bindings } from '../runtime.ts';
import { readForwarded } from '../tracing/index.ts';

/**
 * Scheme, host and port of the app as the client sees them: `https://todo.example`.
 * @param trustProxy whether `Forwarded` and `X-Forwarded-*` of this address count
 * @returns undefined when a proxy forwards something that makes no origin
 */
export function ownOrigin(
  c: Context<{ Bindings: Bindings }>,
  trustProxy: (address: string) => boolean,
): string | undefined {
  const { protocol, host, origin } = new URL(c.req.url);
  // Under a server that is not ours (app.request() included) there may be no bindings at all.
  const peer = c.env?.peer;
  if (!peer || !trustProxy(peer.address)) return origin;
  const forwarded = readForwarded((name) => c.req.header(name), trustProxy);
  const scheme = forwarded.scheme ?? protocol.slice(0, -1);
  const own = `${scheme}://${forwarded.host ?? host}`;
  return URL.canParse(own) ? new URL(own).origin : undefined;
}
