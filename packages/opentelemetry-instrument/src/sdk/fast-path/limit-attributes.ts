import type { Attributes } from '@opentelemetry/api';
import { isAttributeValue } from '@opentelemetry/core';

/**
 * Returns the attributes of an event or a link within their limits, and the number of dropped ones.
 */
export function limitAttributes(
  attributes: Attributes | null | undefined,
  countLimit: number,
  lengthLimit: number,
): { attributes: Attributes; droppedAttributesCount: number } {
  const kept: Attributes = {};
  let count = 0;
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key === '' || !isAttributeValue(value)) continue;
    if (count < countLimit) kept[key] = limitLength(value, lengthLimit);
    count += 1;
  }
  return { attributes: kept, droppedAttributesCount: Math.max(count - countLimit, 0) };
}

/** Truncates strings. Returns a copy of an array, because the caller may change it later. */
export function limitLength<T>(value: T, lengthLimit: number): T {
  if (typeof value === 'string') {
    return value.length > lengthLimit ? (value.slice(0, lengthLimit) as T) : value;
  }
  return Array.isArray(value) ? (value.map((each) => limitLength(each, lengthLimit)) as T) : value;
}
