import { isIP, isIPv6 } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import {
  convertIPv4BinaryToString,
  convertIPv4MappedIPv6ToIPv4,
  convertIPv6BinaryToString,
  convertIPv6ToBinary,
  isIPv4MappedIPv6,
} from 'hono/utils/ipaddr';
import { resolveRequest } from 'hono-opentelemetry';
import { respondWithError } from '../errors/index.ts';
import { createTokenBuckets } from './token-buckets.ts';

/**
 * Limits the rate of requests per client. Responds with 429 and `Retry-After` above it. After a
 * pause, two seconds' worth may come at once.
 *
 * Does nothing under a server that does not report the peer: in one bucket for all, one client could
 * lock out the others.
 * @param rate requests per second and client
 * @param things what the requests send, for the text of the response
 */
export function rateLimit(rate: number, things = 'changes'): MiddlewareHandler {
  const takeToken = createTokenBuckets({ rate });

  return async function rateLimit(c, next) {
    const key = getRateLimitKey(c);
    const seconds = key === undefined ? 0 : takeToken(key);
    if (seconds === 0) return next();
    return respondWithError(
      c,
      429,
      {
        title: 'Too many requests',
        text: `The server accepts up to ${rate} ${things} per second from one address. Please wait a moment.`,
      },
      { 'Retry-After': String(Math.ceil(seconds)) },
    );
  };
}

/**
 * Returns the network of the client: its IPv4 address, or the first 64 bits of its IPv6 address,
 * because one client can have any number of addresses in that network.
 * @returns undefined under a server that does not report the peer
 */
function getRateLimitKey(c: Context): string | undefined {
  const { peer, client = '' } = resolveRequest(c);
  if (peer === undefined) return undefined;
  const address = isIP(client) ? client : peer.address;
  // The zone of a link-local address names an interface of this machine.
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return plain;
  const bits = convertIPv6ToBinary(plain);
  if (isIPv4MappedIPv6(bits)) return convertIPv4BinaryToString(convertIPv4MappedIPv6ToIPv4(bits));
  return convertIPv6BinaryToString((bits >> 64n) << 64n);
}
