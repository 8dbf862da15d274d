/** What a proxy says about the request it passed on. */
export interface Forwarded {
  readonly client?: string;
  readonly scheme?: string;
  readonly host?: string;
}

/**
 * Reads `Forwarded` (RFC 7239), else `X-Forwarded-For`, `-Proto` and `-Host`.
 *
 * The client is the last address that no trusted proxy has: whoever is further left could have
 * written anything.
 */
export function readForwarded(
  header: (name: string) => string | undefined,
  isTrusted: (address: string) => boolean,
): Forwarded {
  const elements = header('forwarded')?.split(',').map(parseElement);
  const addresses =
    elements?.flatMap((element) => element.for ?? []) ?? list(header('x-forwarded-for'));
  const client = addresses
    .map(withoutPort)
    .findLast((address, i) => i === 0 || !isTrusted(address));
  const scheme = elements ? elements.at(-1)?.proto : list(header('x-forwarded-proto')).at(-1);
  const host = elements ? elements.at(-1)?.host : list(header('x-forwarded-host')).at(-1);
  return {
    ...(client !== undefined && { client }),
    ...(scheme !== undefined && /^https?$/i.test(scheme) && { scheme: scheme.toLowerCase() }),
    ...(host !== undefined && { host }),
  };
}

function list(value: string | undefined): string[] {
  return value?.split(',').map((part) => part.trim()) ?? [];
}

function parseElement(element: string): Record<string, string> {
  const pairs = element.split(';').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
  });
  return Object.fromEntries(pairs);
}

/** `192.0.2.1:80` and `[2001:db8::1]:80` without brackets and port. */
function withoutPort(address: string): string {
  const bracketed = /^\[(.*)\](?::\d+)?$/.exec(address);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  return /^[^:]+:\d+$/.test(address) ? address.slice(0, address.indexOf(':')) : address;
}
