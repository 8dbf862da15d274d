import { unmapAddress } from './server-env.ts';

/** The kind of headers that a proxy sets: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded`. */
export type ProxyHeaders = 'x-forwarded' | 'forwarded';

/** The client and the origin that a proxy names for the request it passed on. */
export interface Forwarded {
  readonly client?: string;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
}

/** The parameters that one proxy adds. */
interface Hop {
  readonly for?: string;
  readonly proto?: string;
  readonly host?: string;
}

/**
 * Reads one kind of forwarding headers. A proxy passes on headers that it does not set, so the other
 * kind may come from the client and is ignored.
 *
 * The client is the last address that is not a trusted proxy: entries further left may be forged. The
 * scheme and the host are those that the proxy nearest to the client received.
 *
 * Call it only for a request whose peer is a trusted proxy.
 *
 * @param header returns a request header by its lowercase name
 * @param isTrusted returns true for the address of a trusted proxy
 * @param headers the kind of headers that the proxies set
 * @see https://www.rfc-editor.org/rfc/rfc7239
 * @example
 * ```ts
 * import { readForwarded } from 'hono-opentelemetry';
 *
 * const headers = new Headers({ 'x-forwarded-for': '203.0.113.7, 10.0.0.2' });
 * const { client } = readForwarded(
 *   (name) => headers.get(name) ?? undefined,
 *   (address) => address.startsWith('10.'),
 * );
 * console.log(client); // 203.0.113.7
 * ```
 */
export function readForwarded(
  header: (name: string) => string | undefined,
  isTrusted: (address: string) => boolean,
  headers: ProxyHeaders = 'x-forwarded',
): Forwarded {
  const hops =
    headers === 'forwarded'
      ? unquotedParts(balanced(header('forwarded') ?? ''), ',').map(parseHop)
      : listedHops(header);
  const addresses = hops.map((hop) => addressOf(hop.for));
  const index = addresses.findLastIndex((address) => !(address && isTrusted(address)));
  const fromClient = hops.slice(Math.max(index, 0));

  const client = addresses[Math.max(index, 0)];
  const scheme = fromClient.find((hop) => hop.proto)?.proto?.toLowerCase();
  const host = fromClient.find((hop) => hop.host)?.host;
  return {
    ...(client && { client }),
    ...((scheme === 'http' || scheme === 'https') && { scheme }),
    ...(host && { host }),
  };
}

/**
 * Returns the hops of `X-Forwarded-*`. Proxies append to these lists, so they are aligned at their ends.
 * A proxy that overwrites a list leaves a single value, the one it received itself.
 */
function listedHops(header: (name: string) => string | undefined): Hop[] {
  const lists = ['for', 'proto', 'host'].map(
    (name) => [name, list(header(`x-forwarded-${name}`))] as const,
  );
  const count = Math.max(...lists.map(([, values]) => values.length));
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(lists.map(([name, values]) => [name, values.at(i - count) ?? ''])),
  );
}

function list(value = ''): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * Returns a header with balanced quotes. An unbalanced quote would hide entries added by later proxies,
 * so everything up to the first quote is dropped.
 */
function balanced(text: string): string {
  const quotes = text.split('"').length - 1;
  return quotes % 2 === 0 ? text : text.slice(text.indexOf('"') + 1);
}

/** Parses `for="[2001:db8::1]:80";proto=https` by its lowercase names. */
function parseHop(element: string): Hop {
  const pairs = unquotedParts(element, ';').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
  });
  return Object.fromEntries(pairs);
}

/** Splits at separators outside of quotes. */
function unquotedParts(text: string, separator: ',' | ';'): string[] {
  return text.match(new RegExp(`(?:[^"${separator}]|"[^"]*")+`, 'g')) ?? [];
}

/** Returns an address without brackets and port; undefined for `unknown` and obfuscated names. */
function addressOf(node = ''): string | undefined {
  const [, bracketed, plain] = /^(?:\[(.*)\](?::\d+)?|([^:]+):\d+)$/.exec(node) ?? [];
  const address = bracketed ?? plain ?? node;
  return /^[\da-f]*[.:][\da-f.:]*$/i.test(address) ? unmapAddress(address) : undefined;
}
