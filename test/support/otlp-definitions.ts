import definitions from 'otlp-definitions/build/src/generated/root.js';
import protobuf from 'protobufjs/minimal.js';
import type { Signal } from '../../exporters/exporter.ts';

/**
 * A decoded message as plain data, in the shape of OTLP's JSON: keys in camel case, 64-bit integers
 * as decimal strings, enums as numbers. Ids and other bytes stay bytes. Fields that were not sent are absent.
 */
export type Message = { [field: string]: unknown };

/** The code that `pbjs` generates for one message. */
interface MessageCodec {
  decode(reader: protobuf.Reader): object;
  encode(message: object): protobuf.Writer;
  fromObject(data: object): object;
  toObject(message: object, options: object): Message;
}
interface ServiceCodecs {
  readonly v1: { readonly [message: string]: MessageCodec };
}

// The package is opentelemetry-js's last build that carried code generated from the official .proto
// files, whole: independent of the hand-written serializers under test.
const { collector } = (
  definitions as unknown as {
    opentelemetry: { proto: { collector: Record<string, ServiceCodecs> } };
  }
).opentelemetry.proto;

const services = {
  traces: ['trace', 'ExportTraceService', 'rejectedSpans'],
  metrics: ['metrics', 'ExportMetricsService', 'rejectedDataPoints'],
  logs: ['logs', 'ExportLogsService', 'rejectedLogRecords'],
} as const;

function codec(signal: Signal, direction: 'Request' | 'Response'): MessageCodec {
  const [folder, service] = services[signal];
  const found = collector[folder]?.v1[service + direction];
  if (!found) throw new Error(`The OTLP definitions lack ${service + direction}`);
  return found;
}

/** Generated decoders call skipType() for a field they do not know, and for nothing else. */
class FieldCheckingReader extends protobuf.Reader {
  readonly unknownFields: string[] = [];

  override skipType(wireType: number): protobuf.Reader {
    this.unknownFields.push(`a field of wire type ${wireType} before byte ${this.pos}`);
    return super.skipType(wireType);
  }
}

/** Decodes an export request. Throws on bytes that are not a message of that signal. */
export function decodeExportRequest(
  signal: Signal,
  bytes: Uint8Array,
): { message: Message; unknownFields: readonly string[] } {
  const reader = new FieldCheckingReader(bytes);
  const { decode, toObject } = codec(signal, 'Request');
  const message = toObject(decode(reader), { longs: String });
  return { message, unknownFields: reader.unknownFields };
}

/** Encodes an export request, in which ids are bytes. */
export function encodeExportRequest(signal: Signal, request: Message): Uint8Array {
  const { encode, fromObject } = codec(signal, 'Request');
  return encode(fromObject(request)).finish();
}

/** Returns an export request in JSON after the definitions have read and written it. */
export function normalizeExportRequest(signal: Signal, request: Message): Message {
  const { decode, encode, fromObject, toObject } = codec(signal, 'Request');
  const bytes = encode(fromObject(request)).finish();
  return toObject(decode(new protobuf.Reader(bytes)), { longs: String });
}

/** Encodes a response. With `rejected` or `errorMessage` it is a partial success. */
export function encodeExportResponse(
  signal: Signal,
  { rejected, errorMessage }: { rejected?: number; errorMessage?: string } = {},
): Uint8Array {
  const { encode, fromObject } = codec(signal, 'Response');
  return encode(fromObject(exportResponse(signal, { rejected, errorMessage }))).finish();
}

/** Creates a response as JSON, in which 64-bit integers are strings. */
export function exportResponse(
  signal: Signal,
  { rejected, errorMessage }: { rejected?: number | undefined; errorMessage?: string | undefined },
): Message {
  const isPartial = rejected !== undefined || errorMessage !== undefined;
  const partialSuccess = {
    [services[signal][2]]: String(rejected ?? 0),
    errorMessage: errorMessage ?? '',
  };
  return isPartial ? { partialSuccess } : {};
}
