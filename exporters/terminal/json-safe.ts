import { Buffer } from 'node:buffer';

/** A value that `JSON.stringify` prints without losing it, throwing, or running foreign code. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

const MAX_DEPTH = 16;

/**
 * Makes an attribute value plain, whatever somebody put there in spite of the types.
 *
 * NaN and the infinities become strings as in OTLP's JSON, big integers strings of digits, bytes
 * base64. What cannot be read, such as a getter that throws, becomes `"[unreadable]"`.
 */
export function plainValue(value: unknown, depth = 0): PlainValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'undefined':
      return null;
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return '[function]';
    default:
      return value === null ? null : plainObject(value as object, depth);
  }
}

/** The same for attributes; plain ones, which is nearly all, come back as they are. */
export function plainAttributes(attributes: object | undefined): {
  readonly [key: string]: PlainValue;
} {
  if (!attributes) return {};
  for (const value of Object.values(attributes)) {
    const isPlain =
      typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!isPlain) return plainEntries(attributes, 0);
  }
  return attributes as { readonly [key: string]: PlainValue };
}

function plainObject(value: object, depth: number): PlainValue {
  // Deep enough for any data, and the end of an object that contains itself.
  if (depth >= MAX_DEPTH) return '[too deep]';
  try {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1));
    if (value instanceof Date || value instanceof Error) return String(value);
    return plainEntries(value, depth + 1);
  } catch {
    return '[unreadable]';
  }
}

function plainEntries(value: object, depth: number) {
  // No prototype: a key `__proto__` is data as any other.
  const plain: { [key: string]: PlainValue } = Object.create(null);
  for (const key of Object.keys(value)) {
    try {
      plain[key] = plainValue((value as Record<string, unknown>)[key], depth);
    } catch {
      plain[key] = '[unreadable]';
    }
  }
  return plain;
}
