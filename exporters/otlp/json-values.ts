import type { HrTime } from '@opentelemetry/api';

/** An object of unknown members, as parsed from JSON. */
export type JsonObject = { readonly [name: string]: unknown };

const NOTHING: JsonObject = {};
const NO_ITEMS: readonly unknown[] = [];

/** Returns the value if it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : NOTHING;
}

/** Returns the value if it is an array, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** Returns the value if it is a string, else an empty one. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns a number, also from a string or a `bigint`, as JSON has integers of 64 bits; 0 for anything else. */
export function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.length > 30) return 0;
  const number = Number(value);
  return Number.isNaN(number) && value !== 'NaN' ? 0 : number;
}

/** Returns a number that counts something. */
export function asCount(value: unknown): number {
  const number = asNumber(value);
  return number > 0 && number < Infinity ? Math.trunc(number) : 0;
}

/** Returns an id in lower case; undefined unless it has that many hexadecimal digits, not all of them 0. */
export function asId(value: unknown, digits: 16 | 32): string | undefined {
  if (typeof value !== 'string' || value.length !== digits) return undefined;
  return /^[\da-f]+$/i.test(value) && !/^0+$/.test(value) ? value.toLowerCase() : undefined;
}

const NANOS_PER_SECOND = 1_000_000_000n;
const MAX_NANOS = 2n ** 64n;

/** Returns a time from nanoseconds since 1970; 0 if it is not a time. */
export function asTime(value: unknown): HrTime {
  const nanos = asNanos(value);
  if (nanos === undefined || nanos < 0n || nanos >= MAX_NANOS) return [0, 0];
  return [Number(nanos / NANOS_PER_SECOND), Number(nanos % NANOS_PER_SECOND)];
}

function asNanos(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}
