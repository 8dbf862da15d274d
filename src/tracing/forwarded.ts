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
 */
export function readForwarded(
  header: (name: string) => string | undefined,
  isTrusted: (address: string) => boolean,
): Forwarded {
  const forwarded = header('forwarded') || undefined;
  const hops: readonly Hop[] =
    forwarded === undefined
      ? list(header('x-forwarded-for')).map((address) => ({ for: address }))
      : unquotedParts(forwarded, ',').map(parseHop);
  const addresses = hops.map((hop) => addressOf(hop.for));
  const index = addresses.findLastIndex((address) => !(address && isTrusted(address)));
  const fromClient = hops.slice(Math.max(index, 0));

  const client = addresses[Math.max(index, 0)];
  const scheme = forwarded
    ? fromClient.find((hop) => hop.proto)?.proto
    : list(header('x-forwarded-proto')).at(-1);
  const host = forwarded
    ? fromClient.find((hop) => hop.host)?.host
    : list(header('x-forwarded-host')).at(-1);
  return {
    ...(client && { client }),
    ...(scheme && /^https?$/i.test(scheme) && { scheme: scheme.toLowerCase() }),
    ...(host && { host }),
  };
}

function list(value = ''): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
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
