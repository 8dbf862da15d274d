import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { LimitError } from './byte-writer.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** Attributes of the declared types, or other values contrary to their types. */
export type Attributes = { readonly [key: string]: unknown };

/**
 * Maximum nesting of arrays and maps in a value. The protobuf decoders for C++ and Java accept 100 nested
 * messages. Each level takes up to three, and the messages around it seven.
 */
const MAX_DEPTH = 30;

/** Writes `repeated KeyValue`. */
export function writeAttributes(
  writer: ProtobufWriter,
  field: number,
  attributes: Attributes | undefined,
  around: readonly object[] = [],
): void {
  for (const key in attributes) {
    if (!Object.hasOwn(attributes, key)) continue;
    const start = writer.begin(field);
    writer.string(1, key);
    writeAnyValue(writer, 2, attributes, key, around);
    writer.end(start);
  }
}

/**
 * Writes `AnyValue`, the value of a property.
 *
 * Unreadable values, such as a getter that throws, become `"[unreadable]"`, circular ones
 * `"[circular]"`. Values without a type in OTLP are empty: symbols, functions, big integers.
 * @param around the arrays and maps that contain the property
 */
export function writeAnyValue(
  writer: ProtobufWriter,
  field: number,
  holder: Attributes | readonly unknown[],
  key: string | number,
  around: readonly object[] = [],
): void {
  const start = writer.begin(field);
  try {
    writeValue(writer, (holder as Attributes)[key], around);
  } catch (error) {
    if (error instanceof LimitError) throw error;
    writer.position = start;
    writer.string(1, '[unreadable]');
  }
  writer.end(start);
}

function writeValue(writer: ProtobufWriter, value: unknown, around: readonly object[]): void {
  if (typeof value === 'string') writer.string(1, value);
  else if (typeof value === 'boolean') writer.varint(2, Number(value));
  else if (typeof value === 'number') {
    if (isInt64(value)) writer.varint(3, value);
    else writer.double(4, value);
  } else if (value instanceof Uint8Array) writer.bytes(7, value);
  else if (typeof value === 'object' && value !== null) writeObject(writer, value, around);
}

function writeObject(writer: ProtobufWriter, value: object, around: readonly object[]): void {
  const isCircular = around.includes(value);
  if (isCircular || around.length === MAX_DEPTH) {
    writer.string(1, isCircular ? '[circular]' : '[too deep]');
    return;
  }
  const inside = [...around, value];
  const start = writer.begin(Array.isArray(value) ? 5 : 6);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      writeAnyValue(writer, 1, value, index, inside);
    }
  } else {
    writeAttributes(writer, 1, value as Attributes, inside);
  }
  writer.end(start);
}

/** Returns whether a number is a 64-bit integer, also beyond 2^53. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

/** A scope of the SDK. Only loggers have attributes today. */
export type Scope = InstrumentationScope & {
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
};

/** Writes a `Resource`. The SDK does not limit its attributes, so none were dropped. */
export function writeResource(writer: ProtobufWriter, field: number, resource: Resource): void {
  const start = writer.begin(field);
  writeAttributes(writer, 1, resource.attributes);
  writer.varint(2, 0);
  writer.end(start);
}

/** Writes an `InstrumentationScope`. */
export function writeScope(writer: ProtobufWriter, field: number, scope: Scope): void {
  const start = writer.begin(field);
  writer.string(1, scope.name);
  if (scope.version) writer.string(2, scope.version);
  writeAttributes(writer, 3, scope.attributes);
  if (scope.droppedAttributesCount) writer.varint(4, scope.droppedAttributesCount);
  writer.end(start);
}
