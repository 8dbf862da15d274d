import { convertIPv4ToBinary, convertIPv6ToBinary } from 'hono/utils/ipaddr';
import { entriesOf, entryProblem, type Parsed } from 'opentelemetry-instrument/settings';
import { ipVersion } from 'opentelemetry-instrument-exporters/hosts';

/** Returns true for addresses in one of the networks. */
export type Networks = (address: string) => boolean;

/** Contains no address. */
export const NO_NETWORKS: Networks = () => false;

/**
 * Parses a comma-separated list of addresses and networks: `10.0.0.0/8,::1,fd00::/8`. An IPv4 entry
 * also covers the IPv4-mapped IPv6 form of its addresses.
 */
export function parseNetworks(text: string): Parsed<Networks> {
  const networks: Network[] = [];
  for (const entry of entriesOf(text)) {
    const [address = '', prefix, ...rest] = entry.split('/');
    const bits = toBits(address);
    const unused = ipVersion(address) === 4 ? 96 : 0;
    const length = prefix === undefined ? BITS - unused : parsePrefix(prefix);
    if (bits === undefined || length === undefined || length + unused > BITS || rest.length > 0) {
      const problem = entryProblem(entry, text, 'is not an address');
      return { error: { problem, fix: 'use 10.0.0.1, 10.0.0.0/8 or fd00::/8' } };
    }
    const hostBits = BigInt(BITS - unused - length);
    networks.push({ prefix: bits >> hostBits, hostBits });
  }
  return {
    value(address) {
      const bits = toBits(address);
      if (bits === undefined) return false;
      return networks.some(({ prefix, hostBits }) => bits >> hostBits === prefix);
    },
  };
}

const BITS = 128;
/** `::ffff:0:0`, the start of the IPv4-mapped addresses. */
const MAPPED_IPV4 = 0xffff_0000_0000n;

interface Network {
  readonly prefix: bigint;
  readonly hostBits: bigint;
}

/** Returns an address as a number of 128 bits, or undefined for an invalid one and for one with a zone. */
function toBits(address: string): bigint | undefined {
  const version = ipVersion(address);
  if (version === undefined) return undefined;
  if (version === 4) return MAPPED_IPV4 | convertIPv4ToBinary(address);
  // Without dots: `::ffff:10.0.0.1` becomes `::ffff:a00:1`.
  return convertIPv6ToBinary(new URL(`http://[${address}]/`).hostname.slice(1, -1));
}

function parsePrefix(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}
