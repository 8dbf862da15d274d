import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Signal } from '../../exporter.ts';
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
  const { buffer, byteOffset, length } = request;
  const cursor = { bytes: request, view: new DataView(buffer, byteOffset, length), at: 0 };
  return REQUESTS[signal](cursor, length) as object;
}

/** A position in a request. */
interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

/**
 * Converts the value at the cursor for `JSON.stringify()`, and moves the cursor behind it.
 * @param length bytes of the value if its field has a length, else 0
 */
type Convert = (cursor: Cursor, length: number) => unknown;
type JsonField = readonly [name: string, convert: Convert, isRepeated?: boolean];

const DELIMITED = 2;

function message(fieldsByNumber: Readonly<Record<number, JsonField>>): Convert {
  const fields: JsonField[] = [];
  for (const [number, field] of Object.entries(fieldsByNumber)) fields[Number(number)] = field;
  return (cursor, length) => {
    const end = cursor.at + length;
    const result: Record<string, unknown> = {};
    while (cursor.at < end) {
      const tag = readVarint(cursor);
      const field = fields[tag >> 3];
      if (field === undefined) throw new RangeError(`The field ${tag >> 3} has no name.`);
      const [name, convert, isRepeated] = field;
      const value = convert(cursor, (tag & 7) === DELIMITED ? readVarint(cursor) : 0);
      if (!isRepeated) result[name] = value;
      else if (Array.isArray(result[name])) result[name].push(value);
      else result[name] = [value];
    }
    return result;
  };
}

function repeated(name: string, convert: Convert): JsonField {
  return [name, convert, true];
}

function packed(convert: Convert): Convert {
  return (cursor, length) => {
    const end = cursor.at + length;
    const values: unknown[] = [];
    while (cursor.at < end) values.push(convert(cursor, 0));
    return values;
  };
}

/** Reads a varint; beyond 53 bits only approximately. */
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = cursor.bytes[cursor.at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
}

/** Moves the cursor by a number of bytes. @returns the previous position */
function skip(cursor: Cursor, length: number): number {
  const { at } = cursor;
  cursor.at += length;
  return at;
}

// A BOM is a part of the string.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toHex(bytes: Uint8Array): string {
  let digits = '';
  for (const byte of bytes) digits += HEX[byte];
  return digits;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

const string: Convert = (cursor, length) => {
  const start = skip(cursor, length);
  return decoder.decode(cursor.bytes.subarray(start, cursor.at));
};
const hex: Convert = (cursor, length) => {
  const start = skip(cursor, length);
  return toHex(cursor.bytes.subarray(start, cursor.at));
};
const base64: Convert = (cursor, length) => {
  const start = skip(cursor, length);
  return toBase64(cursor.bytes.subarray(start, cursor.at));
};
const bool: Convert = (cursor) => readVarint(cursor) !== 0;
/** Truncates a number to 32 bits, like decoders of protobuf. */
function uint32(cursor: Cursor): number {
  const value = readInteger(cursor);
  return typeof value === 'number' ? value >>> 0 : Number(BigInt.asUintN(32, value));
}
const int32: Convert = (cursor) => uint32(cursor) | 0;
const uint64: Convert = (cursor) => String(readInteger(cursor));
const int64: Convert = (cursor) => {
  const value = readInteger(cursor);
  return String(typeof value === 'number' ? value : BigInt.asIntN(64, value));
};
const fixed32: Convert = (cursor) => cursor.view.getUint32(skip(cursor, 4), true);
const fixed64: Convert = (cursor) => String(cursor.view.getBigUint64(skip(cursor, 8), true));
const sfixed64: Convert = (cursor) => String(cursor.view.getBigInt64(skip(cursor, 8), true));

/** Reads a varint exactly. */
function readInteger(cursor: Cursor): number | bigint {
  const start = cursor.at;
  const value = readVarint(cursor);
  if (value <= Number.MAX_SAFE_INTEGER) return value;
  let exact = 0n;
  for (let at = cursor.at - 1; at >= start; at--) {
    exact = (exact << 7n) | BigInt((cursor.bytes[at] ?? 0) & 127);
  }
  return exact;
}

function sint32(cursor: Cursor): number {
  const zigzag = readVarint(cursor);
  return (zigzag >>> 1) ^ -(zigzag & 1);
}

/** Converts a double: JSON has no NaN and no infinities, and `JSON.stringify()` drops the sign of -0. */
function double(cursor: Cursor): number | string {
  const value = cursor.view.getFloat64(skip(cursor, 8), true);
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function anyValue(cursor: Cursor, length: number): unknown {
  return convertAnyValue(cursor, length);
}
const keyValue = message({ 1: ['key', string], 2: ['value', anyValue] });
const convertAnyValue = message({
  1: ['stringValue', string],
  2: ['boolValue', bool],
  3: ['intValue', int64],
  4: ['doubleValue', double],
  5: ['arrayValue', message({ 1: repeated('values', anyValue) })],
  6: ['kvlistValue', message({ 1: repeated('values', keyValue) })],
  7: ['bytesValue', base64],
});

const attributes = repeated('attributes', keyValue);
const resource = message({ 1: attributes, 2: ['droppedAttributesCount', uint32] });
const scope = message({
  1: ['name', string],
  2: ['version', string],
  3: attributes,
  4: ['droppedAttributesCount', uint32],
});

const event = message({
  1: ['timeUnixNano', fixed64],
  2: ['name', string],
  3: attributes,
  4: ['droppedAttributesCount', uint32],
});
const link = message({
  1: ['traceId', hex],
  2: ['spanId', hex],
  3: ['traceState', string],
  4: attributes,
  5: ['droppedAttributesCount', uint32],
  6: ['flags', fixed32],
});
const span = message({
  1: ['traceId', hex],
  2: ['spanId', hex],
  3: ['traceState', string],
  4: ['parentSpanId', hex],
  5: ['name', string],
  6: ['kind', int32],
  7: ['startTimeUnixNano', fixed64],
  8: ['endTimeUnixNano', fixed64],
  9: attributes,
  10: ['droppedAttributesCount', uint32],
  11: repeated('events', event),
  12: ['droppedEventsCount', uint32],
  13: repeated('links', link),
  14: ['droppedLinksCount', uint32],
  15: ['status', message({ 2: ['message', string], 3: ['code', int32] })],
  16: ['flags', fixed32],
});

const logRecord = message({
  1: ['timeUnixNano', fixed64],
  2: ['severityNumber', int32],
  3: ['severityText', string],
  5: ['body', anyValue],
  6: attributes,
  7: ['droppedAttributesCount', uint32],
  8: ['flags', fixed32],
  9: ['traceId', hex],
  10: ['spanId', hex],
  11: ['observedTimeUnixNano', fixed64],
  12: ['eventName', string],
});

const times = { 2: ['startTimeUnixNano', fixed64], 3: ['timeUnixNano', fixed64] } as const;
const sums = { 4: ['count', fixed64], 5: ['sum', double] } as const;
const exemplars = repeated(
  'exemplars',
  message({
    2: ['timeUnixNano', fixed64],
    3: ['asDouble', double],
    4: ['spanId', hex],
    5: ['traceId', hex],
    7: repeated('filteredAttributes', keyValue),
  }),
);
const numberDataPoint = message({
  ...times,
  4: ['asDouble', double],
  5: exemplars,
  6: ['asInt', sfixed64],
  7: attributes,
});
const histogramDataPoint = message({
  ...times,
  ...sums,
  6: ['bucketCounts', packed(fixed64)],
  7: ['explicitBounds', packed(double)],
  8: exemplars,
  9: attributes,
  11: ['min', double],
  12: ['max', double],
});
const buckets = message({ 1: ['offset', sint32], 2: ['bucketCounts', packed(uint64)] });
const exponentialHistogramDataPoint = message({
  1: attributes,
  ...times,
  ...sums,
  6: ['scale', sint32],
  7: ['zeroCount', fixed64],
  8: ['positive', buckets],
  9: ['negative', buckets],
  11: exemplars,
  12: ['min', double],
  13: ['max', double],
});
const temporality = { 2: ['aggregationTemporality', int32] } as const;
const metric = message({
  1: ['name', string],
  2: ['description', string],
  3: ['unit', string],
  5: ['gauge', message({ 1: repeated('dataPoints', numberDataPoint) })],
  7: [
    'sum',
    message({
      1: repeated('dataPoints', numberDataPoint),
      ...temporality,
      3: ['isMonotonic', bool],
    }),
  ],
  9: ['histogram', message({ 1: repeated('dataPoints', histogramDataPoint), ...temporality })],
  10: [
    'exponentialHistogram',
    message({ 1: repeated('dataPoints', exponentialHistogramDataPoint), ...temporality }),
  ],
});

/** Describes the request of one signal, with records grouped by resource and scope. */
function request(kind: string, records: JsonField): Convert {
  const scoped = message({ 1: ['scope', scope], 2: records, 3: ['schemaUrl', string] });
  const origin = message({
    1: ['resource', resource],
    2: repeated(`scope${kind}`, scoped),
    3: ['schemaUrl', string],
  });
  return message({ 1: repeated(`resource${kind}`, origin) });
}

const REQUESTS: Readonly<Record<Signal, Convert>> = {
  traces: request('Spans', repeated('spans', span)),
  metrics: request('Metrics', repeated('metrics', metric)),
  logs: request('Logs', repeated('logRecords', logRecord)),
};
