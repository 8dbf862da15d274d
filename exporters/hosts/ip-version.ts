const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
const IPV6_CHARACTERS = /^[\da-f:.]+$/i;

/**
 * Returns the version of an IP address; undefined for anything else, also for an address with a zone. Unlike
 * `node:net`, it runs on every platform.
 */
export function ipVersion(address: string): 4 | 6 | undefined {
  if (IPV4.test(address)) return 4;
  const isIPv6 =
    address.includes(':') && IPV6_CHARACTERS.test(address) && URL.canParse(`http://[${address}]/`);
  return isIPv6 ? 6 : undefined;
}
