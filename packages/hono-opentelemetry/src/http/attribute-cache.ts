import type { Attributes } from '@opentelemetry/api';

/** Sets of labels that are kept; a client that thinks up hosts must not fill the memory. */
const MAX_HELD = 1_000;

/**
 * Makes a function that gives one frozen object for the same key, whenever it comes again.
 *
 * A meter provider may know the object again, and need not read it to find its time series.
 */
export function holdLabels(): (key: string, create: () => Attributes) => Attributes {
  const held = new Map<string, Attributes>();

  return function labels(key, create) {
    const known = held.get(key);
    if (known !== undefined) return known;
    const made = Object.freeze(create());
    if (held.size < MAX_HELD) held.set(key, made);
    return made;
  };
}
