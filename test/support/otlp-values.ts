import { Buffer } from 'node:buffer';
import type { Message } from './otlp-definitions.ts';

/** An integer beyond 2^53 is a bigint, every other one a number. */
export type AttributeValue =
  | string
  | boolean
  | number
  | bigint
  | Uint8Array
  | null
  | AttributeValue[]
  | { [key: string]: AttributeValue };
export type Attributes = { [key: string]: AttributeValue };

export function message(value: unknown): Message {
  return (value ?? {}) as Message;
}

export function list(value: unknown): Message[] {
  return (value ?? []) as Message[];
}

export function text(value: unknown): string {
  return (value ?? '') as string;
}

export function number(value: unknown): number {
  return Number(value ?? 0);
}

export function nanos(value: unknown): bigint {
  return BigInt((value ?? 0) as string | number);
}

/** Bytes as lower-case hex, `''` for none. */
export function hex(value: unknown): string {
  return Buffer.from((value ?? []) as Uint8Array).toString('hex');
}

/** Converts key-values to an object. Throws if a key occurs twice: OTLP forbids it. */
export function attributes(keyValues: unknown): Attributes {
  const found: Attributes = {};
  for (const { key, value } of list(keyValues)) {
    const name = text(key);
    if (Object.hasOwn(found, name)) throw new Error(`The attribute ${name} was sent twice`);
    found[name] = attributeValue(message(value));
  }
  return found;
}

/** Returns the only value of an AnyValue; null if it is empty. */
export function attributeValue(any: Message): AttributeValue {
  if (any.arrayValue) {
    return list(message(any.arrayValue).values).map(attributeValue);
  }
  if (any.kvlistValue) return attributes(message(any.kvlistValue).values);
  if (any.intValue !== undefined) {
    const value = BigInt(any.intValue as string);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  const plain = any.stringValue ?? any.boolValue ?? any.doubleValue ?? any.bytesValue;
  return (plain ?? null) as AttributeValue;
}
