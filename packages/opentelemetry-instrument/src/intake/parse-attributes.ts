import type { Attributes } from '@opentelemetry/api';
import { asArray, asRecord } from './json-fields.ts';
import { sanitizeText } from './sanitize-text.ts';

const MAX_ATTRIBUTES = 128;
const KEY = /^[a-z][\w.-]{0,99}$/i;

export interface ParsedAttributes {
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
}

/**
 * Reads `KeyValue`s of OTLP/JSON: texts, numbers and booleans. Lists, bytes, maps and what has no
 * sensible key are left out; of a key that comes twice the last value counts.
 */
export function parseAttributes(list: unknown): ParsedAttributes {
  const items = asArray(list);
  const attributes: Attributes = {};
  let taken = 0;
  for (const item of items.slice(0, MAX_ATTRIBUTES)) {
    const { key, value } = asRecord(item);
    if (typeof key !== 'string' || !KEY.test(key)) continue;
    const parsed = parseValue(asRecord(value));
    if (parsed === undefined) continue;
    attributes[key] = parsed;
    taken += 1;
  }
  return { attributes, droppedAttributesCount: items.length - taken };
}

function parseValue(value: Record<string, unknown>): string | number | boolean | undefined {
  const { stringValue, boolValue, intValue, doubleValue } = value;
  if (typeof stringValue === 'string') return sanitizeText(stringValue);
  if (typeof boolValue === 'boolean') return boolValue;
  if (Number.isFinite(doubleValue)) return doubleValue as number;
  // 64 bits are a text in JSON; a number is taken, too.
  const isInteger = Number.isSafeInteger(intValue) || /^-?\d{1,19}$/.test(textOf(intValue));
  const integer = isInteger ? Number(intValue) : Number.NaN;
  return Number.isSafeInteger(integer) ? integer : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
