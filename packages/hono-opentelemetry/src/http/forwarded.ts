/** The kind of headers that a proxy sets: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded`. */
export type ProxyHeaders = 'x-forwarded' | 'forwarded';

/** The client and the origin that a proxy names for the request it passed on. */
export interface Forwarded {
  readonly client?: string;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
}

/** One proxy's account of who it was asked by, and how. */
interface Hop {
  readonly for?: string;
  readonly proto?: string;
  readonly host?: string;
}

/**
 * Reads one kind of forwarding headers: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC
 * 7239). A proxy passes on what it does not set, so the other kind is the word of the client.
 *
 * The client is the last address that is not a trusted proxy: entries further left may be forged. The
 * scheme and the host are those that the proxy nearest to the client saw.
 *
 * Call it only for a request whose peer is a trusted proxy.
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
 * The hops of `X-Forwarded-*`, where each proxy that adds to a list adds at its end, so that the
 * lists are read from there. One that overwrites leaves a single value: what it saw itself.
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
 * A text whose quotes come in pairs, as proxies write them. With an odd one a client could swallow
 * what is added behind it, so that the first quote goes, with all before it.
 */
function balanced(text: string): string {
  const quotes = text.split('"').length - 1;
  return quotes % 2 === 0 ? text : text.slice(text.indexOf('"') + 1);
}

/** `for="[2001:db8::1]:80";proto=https` by its names in lower case. */
function parseHop(element: string): Hop {
  const pairs = unquotedParts(element, ';').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
  });
  return Object.fromEntries(pairs);
}

/** Splits at a separator that stands outside of quotes. */
function unquotedParts(text: string, separator: ',' | ';'): string[] {
  return text.match(new RegExp(`(?:[^"${separator}]|"[^"]*")+`, 'g')) ?? [];
}

/** An address without brackets and port; undefined for `unknown` and made-up names. */
function addressOf(node = ''): string | undefined {
  const [, bracketed, plain] = /^(?:\[(.*)\](?::\d+)?|([^:]+):\d+)$/.exec(node) ?? [];
  const address = bracketed ?? plain ?? node;
  return /^[\da-f]*[.:][\da-f.:]*$/i.test(address) ? address : undefined;
}
