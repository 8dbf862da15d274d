import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Signal } from '../../exporter.ts';
import { decodeMessage, REQUEST_TYPES, type Scalar } from '../protobuf/index.ts';
import { createLogBatch, createSpanBatch } from './record-batch.ts';

/** Enough for every record that a viewer keeps. */
const MAX_BATCH_BYTES = 256 * 1024 * 1024;

/** An export request for spans, log records or both in OTLP's JSON, as the Collector's file exporter writes it. */
export interface OtlpDocument {
  readonly resourceSpans?: readonly unknown[];
  readonly resourceLogs?: readonly unknown[];
}

/**
 * Converts spans and log records to an object for `JSON.stringify()`. Records that cannot be encoded are left out.
 *
 * @example
 * ```ts
 * import { toOtlpDocument } from 'opentelemetry-instrument-exporters/otlp/json';
 *
 * console.log(JSON.stringify(toOtlpDocument([]))); // {}
 * ```
 */
export function toOtlpDocument(
  spans: readonly ReadableSpan[],
  logs: readonly ReadableLogRecord[] = [],
): OtlpDocument {
  const ofSpans = createSpanBatch(MAX_BATCH_BYTES);
  for (const span of spans) ofSpans.push(span);
  const ofLogs = createLogBatch(MAX_BATCH_BYTES);
  for (const record of logs) ofLogs.push(record);
  return { ...convert('traces', ofSpans.finish()), ...convert('logs', ofLogs.finish()) };
}

/** Encodes spans as an export request in OTLP's JSON. Spans that cannot be encoded are left out. */
export function spansToJson(spans: readonly ReadableSpan[]): string {
  return JSON.stringify(toOtlpDocument(spans));
}

/**
 * Converts an export request from protobuf to OTLP's JSON, so that both protocols carry equal values.
 *
 * @param request written by the encoder of this folder
 * @see https://protobuf.dev/programming-guides/json/
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function toJson(signal: Signal, request: Uint8Array): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(convert(signal, request)));
}

function convert(signal: Signal, request: Uint8Array): object {
  return decodeMessage(request, REQUEST_TYPES[signal], { convert: toJsonValue });
}

/**
 * Converts a value that JSON does not have: integers of 64 bits and numbers such as NaN become strings, and so
 * does -0, whose sign `JSON.stringify()` drops. Bytes become base64.
 */
function toJsonValue(value: Scalar): unknown {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'number':
      if (Object.is(value, -0)) return '-0';
      return Number.isFinite(value) ? value : String(value);
    case 'object':
      return toBase64(value);
    default:
      return value;
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
