import type { Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base';
import type { ProtobufWriter } from './protobuf-writer.ts';
import { writeAttributes } from './write-attributes.ts';

/**
 * Writes a `Span`. Counts and the status code are also written if they are 0, like in the SDK.
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function writeSpan(writer: ProtobufWriter, field: number, span: ReadableSpan): void {
  const { parentSpanContext: parent } = span;
  const context = span.spanContext();
  // Collectors reject the whole request because of such a span.
  if (context.traceId.length !== 32 || context.spanId.length !== 16) {
    throw new TypeError('The span has an invalid id.');
  }
  const start = writer.begin(field);
  writer.id(1, context.traceId, 32);
  writer.id(2, context.spanId, 16);
  writeTraceState(writer, context);
  if (parent?.spanId) writer.id(4, parent.spanId, 16);
  writer.string(5, span.name);
  // The kinds of OTLP start with "unspecified", those of the SDK do not.
  writer.varint(6, span.kind + 1);
  writer.time(7, span.startTime);
  writer.time(8, span.endTime);
  writeAttributes(writer, 9, span.attributes);
  writer.varint(10, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(writer, event);
  writer.varint(12, span.droppedEventsCount);
  for (const link of span.links) writeLink(writer, link);
  writer.varint(14, span.droppedLinksCount);
  writeStatus(writer, span.status);
  writer.fixed32(16, flags(context, parent));
  writer.end(start);
}

function writeEvent(writer: ProtobufWriter, event: TimedEvent): void {
  const start = writer.begin(11);
  writer.time(1, event.time);
  writer.string(2, event.name);
  writeAttributes(writer, 3, event.attributes);
  writer.varint(4, event.droppedAttributesCount ?? 0);
  writer.end(start);
}

function writeLink(writer: ProtobufWriter, link: Link): void {
  const { context } = link;
  const start = writer.begin(13);
  writer.id(1, context.traceId, 32);
  writer.id(2, context.spanId, 16);
  writeTraceState(writer, context);
  writeAttributes(writer, 4, link.attributes);
  writer.varint(5, link.droppedAttributesCount ?? 0);
  writer.fixed32(6, flags(context, context));
  writer.end(start);
}

function writeStatus(writer: ProtobufWriter, { code, message }: SpanStatus): void {
  const start = writer.begin(15);
  if (message) writer.string(2, message);
  writer.varint(3, code);
  writer.end(start);
}

function writeTraceState(writer: ProtobufWriter, { traceState }: SpanContext): void {
  const text = traceState?.serialize();
  if (text) writer.string(3, text);
}

/** Returns W3C trace flags, with the bits "context has is remote" and "context is remote". */
function flags({ traceFlags }: SpanContext, other: SpanContext | undefined): number {
  return (traceFlags & 0xff) | 0x100 | (other?.isRemote ? 0x200 : 0);
}
