import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import type { Signal } from 'opentelemetry-instrument-exporters';
import {
  acceptExport,
  gunzipBody,
  MAX_REQUEST_BYTES,
  type ReceiverOptions,
  RefusedExportError,
  tooLarge,
} from './accept-export.ts';
import { encodeExportResponse } from './response-messages.ts';

const METHODS: Readonly<Record<string, Signal>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': 'traces',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': 'metrics',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': 'logs',
};

/** @see https://grpc.io/docs/guides/status-codes/ */
const CODES = { invalid: 3, 'too-large': 8, unimplemented: 12, internal: 13 } as const;

/** A flag and the length of the message. */
const PREFIX_BYTES = 5;
const STREAM_TIMEOUT_MS = 30_000;

/**
 * Returns a listener for the `stream` event of a `node:http2` server that receives OTLP/gRPC.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function createOtlpGrpc(
  receiver: ReceiverOptions,
): (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void {
  async function handleCall(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    const contentType = headers['content-type'] ?? '';
    if (!contentType.startsWith('application/grpc')) {
      stream.respond({ ':status': 415 }, { endStream: true });
      return stream.close(constants.NGHTTP2_NO_ERROR);
    }
    const signal = METHODS[String(headers[':path'])];
    if (signal === undefined) {
      return fail(stream, CODES.unimplemented, 'The viewer has the services of OTLP only.');
    }
    try {
      const message = await readRequest(stream, headers);
      const outcome = acceptExport(signal, message, 'protobuf', receiver, headers.via);
      respond(stream, encodeExportResponse(outcome));
    } catch (error) {
      if (!(error instanceof RefusedExportError)) {
        return fail(stream, CODES.internal, 'The request cannot be processed.');
      }
      fail(stream, CODES[error.reason], error.message);
    }
  }

  return (stream, headers) => {
    // Without a listener, a client that disconnects would end the process.
    stream.on('error', () => {});
    stream.setTimeout(STREAM_TIMEOUT_MS, () => stream.close(constants.NGHTTP2_CANCEL));
    void handleCall(stream, headers);
  };
}

/** Reads the only message of a request. @throws RefusedExportError */
async function readRequest(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_REQUEST_BYTES + PREFIX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (length < PREFIX_BYTES || body.readUInt32BE(1) !== length - PREFIX_BYTES) {
    throw new RefusedExportError('invalid', 'The request is not one message.');
  }
  const message = body.subarray(PREFIX_BYTES);
  if (body[0] === 0) return message;
  if (headers['grpc-encoding'] === 'gzip') return gunzipBody(message);
  throw new RefusedExportError('invalid', 'The only supported compression is gzip.');
}

function respond(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.destroyed) return;
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'gzip' },
    { waitForTrailers: true },
  );
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([prefix, message]));
}

/** Responds with headers alone, and does not wait for the rest of the request. */
function fail(stream: ServerHttp2Stream, code: number, message: string): void {
  if (stream.destroyed) return;
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(code),
      'grpc-message': encodeURIComponent(message),
    },
    { endStream: true },
  );
  stream.resume();
}
