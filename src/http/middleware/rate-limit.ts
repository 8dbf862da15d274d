import type { Context, MiddlewareHandler } from 'hono';
import {
  convertIPv4BinaryToString,
  convertIPv4MappedIPv6ToIPv4,
  convertIPv6BinaryToString,
  convertIPv6ToBinary,
  isIPv4MappedIPv6,
} from 'hono/utils/ipaddr';
import { resolveRequest } from 'hono-opentelemetry';
import { ipVersion } from 'opentelemetry-instrument-exporters/hosts';
import { type DescribeError, respondWithError } from '../errors/index.ts';
import { createTokenBuckets } from './token-buckets.ts';

/** A limit of requests per client. */
export interface RateLimiter {
  /** Takes one request of a client. @returns the seconds to wait, or 0 if it is accepted */
  take(key: string): number | Promise<number>;
  /** Returns the text of the response. */
  readonly describe: DescribeError;
}

/**
 * Creates a limiter for this process. After a pause, two seconds' worth may come at once.
 * @param rate requests per second and client
 * @param describe returns the text of the response
 */
export function createRateLimiter(
  rate: number,
  describe: DescribeError = ({ errors }) => errors.tooManyChanges(rate),
): RateLimiter {
  return { take: createTokenBuckets({ rate }), describe };
}

/**
 * Limits the rate of requests per client. Responds with 429 and `Retry-After` above it.
 *
 * Does nothing under a server that does not report the peer: in one bucket for all, one client could
 * lock out the others.
 */
export function rateLimit({ take, describe }: RateLimiter): MiddlewareHandler {
  return async function rateLimit(c, next) {
    const key = getRateLimitKey(c);
    const taken = key === undefined ? 0 : take(key);
    const seconds = typeof taken === 'number' ? taken : await taken;
    if (seconds === 0) return next();
    return respondWithError(c, 429, describe, { 'Retry-After': String(Math.ceil(seconds)) });
  };
}

/**
 * Returns the network of the client: its IPv4 address, or the first 64 bits of its IPv6 address. One
 * client can have any number of addresses in such a network.
 * @returns undefined under a server that does not report the peer
 */
function getRateLimitKey(c: Context): string | undefined {
  const { peer, client = '' } = resolveRequest(c);
  if (peer === undefined) return undefined;
  const address = ipVersion(withoutZone(client)) ? client : peer.address;
  const plain = withoutZone(address);
  if (ipVersion(plain) !== 6) return plain;
  const bits = convertIPv6ToBinary(plain);
  if (isIPv4MappedIPv6(bits)) return convertIPv4BinaryToString(convertIPv4MappedIPv6ToIPv4(bits));
  return convertIPv6BinaryToString((bits >> 64n) << 64n);
}

/** Removes the zone of a link-local address, which names an interface of this machine. */
function withoutZone(address: string): string {
  return address.replace(/%.*/, '');
}
