import { ipVersion } from './ip-version.ts';

export { ipVersion };

/** Returns whether a server responds under a host name, which has the form of `URL.hostname`. */
export type HostCheck = (hostname: string) => boolean;

const AUTHORITY = /^(?<host>\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d{1,3}){3}|::1)$/;
const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Creates the check that protects a server from DNS rebinding, where a web page points its own domain at
 * this machine.
 *
 * It accepts loopback names and `hosts`. A server that listens on every address also accepts addresses and
 * names without a dot: neither can be the domain of a web page.
 * @param hosts names and addresses of the server, including the one that it listens on
 */
export function ownHosts(hosts: readonly string[]): HostCheck {
  const own = new Set(hosts.map(normalizeHost));
  const isEverywhere = [...ANY_ADDRESS].some((address) => own.has(address));
  return function isOwnHost(hostname) {
    const name = withoutBrackets(hostname);
    if (LOOPBACK.test(name) || own.has(name)) return true;
    return isEverywhere && (ipVersion(name) !== undefined || !name.includes('.'));
  };
}

/**
 * Checks the `Host` of a request.
 * @returns the status to respond with; undefined if the host is accepted
 */
export function refuseHost(
  authority: string | undefined,
  isOwnHost: HostCheck,
): 400 | 421 | undefined {
  const host = AUTHORITY.exec(authority ?? '')?.groups?.host;
  if (host === undefined) return 400;
  return isOwnHost(host.toLowerCase()) ? undefined : 421;
}

/** Returns whether a host name or address leads only to this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(withoutBrackets(host.toLowerCase()));
}

/**
 * Returns a host in the form of `URL.hostname`, without the brackets of IPv6; undefined if it is not a
 * host name or an address.
 */
export function normalizeHost(host: string): string | undefined {
  const bare = withoutBrackets(host);
  const isIPv6 = ipVersion(bare) === 6;
  if (!isIPv6 && /[\s/?#@\\:%*[\]]/.test(host)) return undefined;
  const url = `http://${isIPv6 ? `[${bare}]` : host}`;
  return URL.canParse(url) ? withoutBrackets(new URL(url).hostname) : undefined;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
