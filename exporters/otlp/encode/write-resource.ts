import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ProtobufWriter } from './protobuf-writer.ts';
import { type Attributes, writeAttributes } from './write-attributes.ts';

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
