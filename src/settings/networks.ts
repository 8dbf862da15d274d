import { BlockList, isIP } from 'node:net';
import { entriesOf, type Parsed, quoteEntry } from 'opentelemetry-instrument/settings';

/** Returns true for addresses in one of the networks. */
export type Networks = (address: string) => boolean;

/** Contains no address. */
export const NO_NETWORKS: Networks = () => false;

/**
 * Parses a comma-separated list of addresses and networks: `10.0.0.0/8,::1,fd00::/8`. An IPv4 entry
 * also covers the IPv4-mapped IPv6 form of its addresses.
 */
export function parseNetworks(text: string): Parsed<Networks> {
  const list = new BlockList();
  for (const entry of entriesOf(text)) {
    const [address = '', prefix, ...rest] = entry.split('/');
    const family = familyOf(address);
    const bits = family === 'ipv4' ? 32 : 128;
    const length = prefix === undefined ? bits : parsePrefix(prefix);
    if (family === undefined || length === undefined || length > bits || rest.length > 0) {
      return {
        error: `${quoteEntry(entry, text)} is not an address; write 10.0.0.1, 10.0.0.0/8 or fd00::/8`,
      };
    }
    list.addSubnet(address, length, family);
  }
  return {
    value(address) {
      const family = familyOf(address);
      return family !== undefined && list.check(address, family);
    },
  };
}

/** Returns undefined for invalid addresses, and for those with a zone (`fe80::1%eth0`). */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (address.includes('%')) return undefined;
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}

function parsePrefix(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}
