import type { Attributes } from '@opentelemetry/api';
import { asArray, asRecord, sanitizeText } from './untrusted-values.ts';

const MAX_ATTRIBUTES = 128;
const KEY = /^[a-z][\w.-]{0,99}$/i;

/** Valid attributes and the number of dropped ones. */
export interface ParsedAttributes {
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
}

/**
 * Parses `KeyValue`s of OTLP/JSON whose values are strings, numbers or booleans.
 *
 * Arrays, bytes, maps and entries with an invalid key are dropped. The last of duplicate keys wins.
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
  // JSON numbers lose precision above 53 bits, so OTLP sends strings. Numbers are also accepted.
  const isInteger = Number.isSafeInteger(intValue) || /^-?\d{1,19}$/.test(textOf(intValue));
  const integer = isInteger ? Number(intValue) : Number.NaN;
  return Number.isSafeInteger(integer) ? integer : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
