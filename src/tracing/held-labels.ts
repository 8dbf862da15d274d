import type { Attributes, AttributeValue } from '@opentelemetry/api';

/** Sets of labels that are kept; a client that thinks up methods or hosts must not fill the memory. */
const MAX_HELD = 1_000;

/**
 * Makes a function that gives one frozen object for the same values, whenever they come again.
 *
 * A meter provider may know the object again, and need not read it to find its time series.
 * @param names of the attributes, in the order in which the values are given
 */
export function holdLabels(
  names: readonly string[],
): (...values: readonly (AttributeValue | undefined)[]) => Attributes {
  const held = new Map<string, Attributes>();

  return function labels(...values) {
    const key = values.join('\0');
    const known = held.get(key);
    if (known !== undefined) return known;
    const pairs = names.map((name, i) => [name, values[i]] as const);
    const made = Object.freeze(
      Object.fromEntries(pairs.filter(([, value]) => value !== undefined)),
    );
    if (held.size < MAX_HELD) held.set(key, made);
    return made;
  };
}
