/** What a proxy says about the request it passed on. */
export interface Forwarded {
  readonly client?: string;
  readonly scheme?: string;
  readonly host?: string;
}

/** One proxy's account of who it was asked by, and how. */
type Hop = Readonly<Record<string, string>>;

/**
 * Reads `Forwarded` (RFC 7239), else `X-Forwarded-For`, `-Proto` and `-Host`.
 *
 * The client is the last one that is no trusted proxy: whoever is further left could have written
 * anything. What the proxy nearest to it saw is the original scheme and host.
 *
 * Only for a request whose peer is a trusted proxy itself; of any other these headers are hearsay.
 */
export function readForwarded(
  header: (name: string) => string | undefined,
  isTrusted: (address: string) => boolean,
): Forwarded {
  const forwarded = header('forwarded');
  const hops = forwarded
    ? unquotedParts(balanced(forwarded), ',').map(parseHop)
    : listedHops(header);
  const addresses = hops.map((hop) => addressOf(hop.for));
  const index = addresses.findLastIndex((address) => !(address && isTrusted(address)));
  const fromClient = hops.slice(Math.max(index, 0));

  const client = addresses[Math.max(index, 0)];
  const scheme = fromClient.find((hop) => hop.proto)?.proto;
  const host = fromClient.find((hop) => hop.host)?.host;
  return {
    ...(client && { client }),
    ...(scheme && /^https?$/i.test(scheme) && { scheme: scheme.toLowerCase() }),
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
