import { isIP, isIPv6 } from 'node:net';
import { entriesOf, type Parsed, quoteEntry } from 'opentelemetry-instrument/settings';

const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|::1)$/;

/** Parses a comma-separated list of host names and addresses without ports: `todo.example,192.0.2.1`. */
export function parseHosts(text: string): Parsed<readonly string[]> {
  const entries = entriesOf(text);
  const wrong = entries.find((entry) => normalizeHost(entry) === undefined);
  if (wrong === undefined) return { value: entries.flatMap((entry) => normalizeHost(entry) ?? []) };
  return {
    error: `${quoteEntry(wrong, text)} is not a host; write todo.example or 192.0.2.1, without a port`,
  };
}

/**
 * Returns a function that accepts the host names of a server: loopback names, the address that it
 * listens on, and the names in `allowed`.
 *
 * A server that listens on every address also accepts IP addresses and names without a dot, such as
 * those of containers. Neither can be the name of a web site, so DNS rebinding cannot use them.
 * @returns a function that takes the form of `URL.hostname`
 */
export function ownHosts(
  address: string,
  allowed: readonly string[],
): (hostname: string) => boolean {
  const own = normalizeHost(address);
  const isEverywhere = own === '0.0.0.0' || own === '::';
  return function isOwnHost(hostname) {
    const name = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    if (name === own || LOOPBACK.test(name) || allowed.includes(name)) return true;
    return isEverywhere && (isIP(name) !== 0 || !name.includes('.'));
  };
}

/** Returns a host in the form of `URL.hostname`, without the brackets of IPv6. */
function normalizeHost(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!isIPv6(bare) && /[\s/?#@\\:%*[\]]/.test(host)) return undefined;
  const url = `http://${isIPv6(bare) ? `[${bare}]` : host}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : undefined;
}
