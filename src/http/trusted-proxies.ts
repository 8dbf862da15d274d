import { BlockList, isIP } from 'node:net';

/**
 * Makes the test whether an address belongs to a proxy whose `X-Forwarded-*` headers count.
 * @param list addresses and networks: `10.0.0.0/8`, `::1`, `fd00::/8`; an IPv4 entry covers the
 *   IPv4-mapped IPv6 form of its addresses, too
 * @throws Error that names the first entry which is neither
 */
export function createTrustedProxies(list: readonly string[]): (address: string) => boolean {
  if (list.length === 0) return () => false;
  const proxies = new BlockList();
  for (const entry of list) {
    const [address = '', prefix, ...rest] = entry.trim().split('/');
    const family = familyOf(address);
    const bits = family === 'ipv4' ? 32 : 128;
    const length = prefix === undefined ? bits : parsePrefix(prefix);
    if (family === undefined || length === undefined || length > bits || rest.length > 0) {
      throw new Error(
        `"${entry}" is no address of a proxy. Write an IP address or a network: 10.0.0.1, 10.0.0.0/8, fd00::/8.`,
      );
    }
    proxies.addSubnet(address, length, family);
  }
  return function isTrustedProxy(address) {
    const family = familyOf(address);
    return family !== undefined && proxies.check(address, family);
  };
}

/** `undefined` for what is no address; a zone (`fe80::1%eth0`) names no machine of a network list. */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (address.includes('%')) return undefined;
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}

function parsePrefix(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}
