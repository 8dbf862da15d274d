import { BlockList, isIP } from 'node:net';
import { entriesOf, type Parsed, quoteEntry } from 'opentelemetry-instrument/settings';

/** Whether an address belongs to one of the networks. */
export type Networks = (address: string) => boolean;

/** No network at all. */
export const NO_NETWORKS: Networks = () => false;

/**
 * Reads addresses and networks with commas between them: `10.0.0.0/8,::1,fd00::/8`. An IPv4 entry
 * covers the IPv4-mapped IPv6 form of its addresses, too.
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
        mistake: `${quoteEntry(entry, text)} is no address; write 10.0.0.1, 10.0.0.0/8 or fd00::/8`,
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
