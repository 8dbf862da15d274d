import { Buffer } from 'node:buffer';
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs/minimal.js';
import type { Signal } from '../../src/telemetry/exporter.ts';
import { flattenExportRequest } from './flatten-export-request.ts';
import { decodeExportRequest, encodeExportResponse } from './otlp-definitions.ts';
import {
  createReceiver,
  type OtlpAnswer,
  type OtlpRequest,
  type OtlpSink,
  type SecureOptions,
} from './otlp-sink.ts';

const signals: Readonly<Record<string, Signal>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': 'traces',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': 'metrics',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': 'logs',
};

/** Codes of gRPC for the statuses of HTTP that tests answer with, whatever the protocol is. */
const codes: Readonly<Record<number, number>> = {
  200: 0,
  400: 3,
  401: 16,
  404: 12,
  413: 8,
  429: 8,
  500: 13,
  503: 14,
};

/**
 * Starts an OTLP/gRPC sink on 127.0.0.1. It is made of HTTP/2 alone, so that it can misbehave as no
 * gRPC server does. A header `retry-after` of its answers is sent as RetryInfo.
 */
export async function startGrpcSink(secure?: SecureOptions): Promise<OtlpSink> {
  const { receive, problems, toSink } = createReceiver();
  const sessions = new Set<Http2Session>();
  const server = secure
    ? createSecureServer({
        cert: secure.certificate,
        key: secure.key,
        ...(secure.clientAuthority && {
          ca: secure.clientAuthority,
          requestCert: true,
          rejectUnauthorized: true,
        }),
      })
    : createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {}).on('close', () => sessions.delete(session));
  });
  server.on('stream', async (stream, headers) => {
    stream.on('error', () => {});
    try {
      const request = parseCall(headers, await buffer(stream));
      respond(stream, request.signal, receive(request));
    } catch (error) {
      if (!stream.aborted) problems.push(`${headers[':path']}: ${error}`);
      if (!stream.destroyed) end(stream, 3);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return toSink(`${secure ? 'https' : 'http'}://${address}`, () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of sessions) session.destroy();
    return closed;
  });
}

function parseCall(headers: OtlpRequest['headers'], sent: Buffer): OtlpRequest {
  const receivedAt = performance.now();
  const signal = signals[String(headers[':path'])];
  if (!signal) throw new Error('no OTLP service');
  if (headers.te !== 'trailers' || !headers['content-type']?.startsWith('application/grpc')) {
    throw new Error('no gRPC');
  }
  if (sent.readUInt32BE(1) !== sent.length - 5) throw new Error('not one message');
  const body = sent[0] === 1 ? gunzipSync(sent.subarray(5)) : sent.subarray(5);
  const { message, unknownFields } = decodeExportRequest(signal, body);
  const records = flattenExportRequest(signal, message);
  return { signal, headers, body, unknownFields, receivedAt, ...records };
}

function respond(stream: ServerHttp2Stream, signal: Signal, answer: OtlpAnswer): void {
  const { status = 200, headers, fault } = answer;
  if (fault === 'hang') return;
  const code = codes[status];
  if (code === undefined) throw new Error(`${status} is nothing in gRPC`);
  if (fault === 'reset') return void stream.session?.destroy();
  if (code !== 0) return end(stream, code, headers?.['retry-after']);
  const message = Buffer.from(answer.body ?? encodeExportResponse(signal, answer));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  if (fault === 'drip') {
    prefix.writeUInt32BE(1_000_000, 1);
    stream.respond({ 'content-type': 'application/grpc' });
    stream.write(prefix);
    const drip = setInterval(() => stream.write('.'), 50);
    stream.once('close', () => clearInterval(drip));
    return;
  }
  stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([prefix, message]));
}

/** Ends a call without a message. */
function end(stream: ServerHttp2Stream, code: number, retryAfter?: string): void {
  const details = retryAfter === undefined ? '' : retryInfo(code, Number(retryAfter));
  stream.respond(
    {
      [constants.HTTP2_HEADER_STATUS]: 200,
      'content-type': 'application/grpc',
      'grpc-status': String(code),
      'grpc-message': 'the test wants it',
      ...(details && { 'grpc-status-details-bin': details }),
    },
    { endStream: true },
  );
}

/** A google.rpc.Status with one detail, in base64. */
export function retryInfo(code: number, seconds: number): string {
  const delay = protobuf.Writer.create().uint32(8).int64(seconds).finish();
  const info = protobuf.Writer.create().uint32(10).bytes(delay).finish();
  const any = protobuf.Writer.create()
    .uint32(10)
    .string('type.googleapis.com/google.rpc.RetryInfo')
    .uint32(18)
    .bytes(info)
    .finish();
  const status = protobuf.Writer.create().uint32(8).int32(code).uint32(26).bytes(any).finish();
  return Buffer.from(status).toString('base64');
}
