import { Buffer } from 'node:buffer';
import type { Attributes } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { asCount, asList, asNumber, asObject, asText, type JsonObject } from '../json-values.ts';

/** The value of an attribute, or the body of a log record. */
export type DecodedValue = ReadableLogRecord['body'];

/** Maximum number per record. More are counted as dropped. */
const MAX_ATTRIBUTES = 1_000;
/** Levels of arrays and maps in a value. */
const MAX_DEPTH = 32;

interface Decoded {
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
}

/** Decodes the attributes of a message that has `attributes` and `droppedAttributesCount`. */
export function decodeAttributes(message: JsonObject): Decoded {
  const list = asList(message.attributes);
  const attributes: Record<string, DecodedValue> = {};
  let dropped = asCount(message.droppedAttributesCount);
  for (let index = 0; index < list.length; index++) {
    const { key, value } = asObject(list[index]);
    if (index >= MAX_ATTRIBUTES || !isKey(key)) dropped += 1;
    else attributes[key] = decodeValue(value);
  }
  return { attributes: attributes as Attributes, droppedAttributesCount: dropped };
}

/** Decodes an `AnyValue`; undefined if it is empty. */
export function decodeValue(value: unknown, depth = 0): DecodedValue {
  const any = asObject(value);
  if (any.stringValue !== undefined) return asText(any.stringValue);
  if (any.intValue !== undefined) return decodeInteger(any.intValue);
  if (any.boolValue !== undefined) return any.boolValue === true;
  if (any.doubleValue !== undefined) return asNumber(any.doubleValue);
  if (any.bytesValue !== undefined) return decodeBytes(any.bytesValue);
  if (any.arrayValue === undefined && any.kvlistValue === undefined) return undefined;
  if (depth === MAX_DEPTH) return '[too deep]';
  if (any.arrayValue !== undefined) {
    return asList(asObject(any.arrayValue).values).map((each) => decodeValue(each, depth + 1));
  }
  const map: Record<string, DecodedValue> = {};
  for (const each of asList(asObject(any.kvlistValue).values)) {
    const { key, value: member } = asObject(each);
    if (isKey(key)) map[key] = decodeValue(member, depth + 1);
  }
  return map;
}

/** Returns false for `__proto__`, whose assignment would not add a property. */
function isKey(key: unknown): key is string {
  return typeof key === 'string' && key !== '__proto__';
}

/** Returns a number, or the digits of one that a number cannot hold exactly. */
function decodeInteger(value: unknown): number | string {
  const number = asNumber(value);
  return Number.isSafeInteger(number) || number === 0 ? number : String(value).slice(0, 30);
}

function decodeBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return new Uint8Array(Buffer.from(asText(value), 'base64'));
}
