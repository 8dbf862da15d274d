import { Buffer } from 'node:buffer';

/** A value that `JSON.stringify()` prints without loss, exceptions or calls of foreign code. */
export type JsonSafe =
  | string
  | number
  | boolean
  | null
  | readonly JsonSafe[]
  | { readonly [key: string]: JsonSafe };

const MAX_DEPTH = 16;

/**
 * Converts any value, including ones that the types of attributes do not allow.
 *
 * NaN and infinities become strings as in OTLP/JSON, big integers become strings of digits, and bytes
 * become base64. Unreadable values, such as a getter that throws, become `"[unreadable]"`.
 */
export function toJsonSafe(value: unknown, depth = 0): JsonSafe {
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
      return value === null ? null : toJsonSafeObject(value as object, depth);
  }
}

/** Converts attributes. Nearly all are safe already, and are returned unchanged. */
export function toJsonSafeAttributes(attributes: object | undefined): {
  readonly [key: string]: JsonSafe;
} {
  if (!attributes) return {};
  for (const value of Object.values(attributes)) {
    const isPlain =
      typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!isPlain) return toJsonSafeEntries(attributes, 0);
  }
  return attributes as { readonly [key: string]: JsonSafe };
}

function toJsonSafeObject(value: object, depth: number): JsonSafe {
  // Deep enough for real data; it also ends objects that contain themselves.
  if (depth >= MAX_DEPTH) return '[too deep]';
  try {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    if (Array.isArray(value)) return value.map((item) => toJsonSafe(item, depth + 1));
    if (value instanceof Date || value instanceof Error) return String(value);
    return toJsonSafeEntries(value, depth + 1);
  } catch {
    return '[unreadable]';
  }
}

function toJsonSafeEntries(value: object, depth: number) {
  // Without a prototype, the key `__proto__` is ordinary data.
  const plain: { [key: string]: JsonSafe } = Object.create(null);
  for (const key of Object.keys(value)) {
    try {
      plain[key] = toJsonSafe((value as Record<string, unknown>)[key], depth);
    } catch {
      plain[key] = '[unreadable]';
    }
  }
  return plain;
}
