import { isIP, isIPv6 } from 'node:net';
import type { Context } from 'hono';
import { resolveRequest } from 'hono-opentelemetry';

/**
 * Returns the network that belongs to one client: its IPv4 address, or the first 64 bits of its IPv6
 * address, within which a client may have any number of addresses.
 * @returns undefined under a server that does not know the peer
 */
export function clientNetwork(c: Context): string | undefined {
  const { peer, client = '' } = resolveRequest(c);
  if (peer === undefined) return undefined;
  return networkOf(isIP(client) ? client : peer.address);
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
