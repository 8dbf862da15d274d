import { isIP, isIPv6 } from 'node:net';
import type { Context } from 'hono';
import type { Bindings } from '../runtime.ts';
import { readForwarded } from '../tracing/index.ts';

/**
 * The network that a client has to itself, as a text to compare: an IPv4 address, or the first 64
 * bits of an IPv6 address, within which anybody has as many addresses as they like.
 *
 * It is that of the peer; of a peer that is a trusted proxy, that of the client it names.
 * `undefined` under a server that tells no peer.
 * @param trustProxy whether `Forwarded` and `X-Forwarded-*` of this address count
 */
export function clientNetwork(
  c: Context<{ Bindings: Bindings }>,
  trustProxy: (address: string) => boolean,
): string | undefined {
  // Under a server that is not ours (app.request() included) there may be no bindings at all.
  const address = c.env?.peer?.address;
  if (address === undefined || !trustProxy(address)) return address && networkOf(address);
  const { client = '' } = readForwarded((name) => c.req.header(name), trustProxy);
  return networkOf(isIP(client) ? client : address);
}

function networkOf(address: string): string {
  // Of a link-local address the zone behind `%` names an interface of this machine.
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return plain;
  const groups = groupsOf(plain);
  const isMapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  if (!isMapped) return `${groups.slice(0, 4).join(':')}::/64`;
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return bytes.join('.');
}

/** The eight groups of an IPv6 address, which URLs have in one form only. */
function groupsOf(address: string): string[] {
  const [left = '', right = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const head = left.split(':').filter(Boolean);
  const tail = right.split(':').filter(Boolean);
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail];
}
