import type { Attributes } from '@opentelemetry/api';

/** Bounds memory against clients that send random `Host` headers. */
const MAX_ENTRIES = 1_000;

/**
 * Creates a function that returns one frozen object for each key.
 *
 * A meter provider can find the time series of a frozen object by identity, without reading it.
 */
export function createAttributeCache(): (key: string, create: () => Attributes) => Attributes {
  const cache = new Map<string, Attributes>();

  return function cached(key, create) {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const attributes = Object.freeze(create());
    if (cache.size < MAX_ENTRIES) cache.set(key, attributes);
    return attributes;
  };
}
