import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import type { SecureServerOptions } from 'node:http2';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs/minimal.js';
import { afterAll } from 'vitest';
import type { Signal } from '../../exporters/exporter.ts';
import { root } from './app-command.ts';
import { flattenExportRequest } from './flatten-export-request.ts';
import type { GrpcAnswer, GrpcCall, GrpcCommand, GrpcEvent } from './grpc-server.ts';
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

/** gRPC codes for the HTTP statuses that tests respond with over any protocol. */
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

/** Starts an OTLP/gRPC sink on 127.0.0.1. A header `retry-after` is sent as RetryInfo. */
export async function startGrpcSink(secure?: SecureOptions): Promise<OtlpSink> {
  const { receive, problems, toSink } = createReceiver();
  const { say, listen } = servers();
  const id = nextServer++;
  const opened = Promise.withResolvers<number>();
  const closed = Promise.withResolvers<void>();
  listen(id, async (event) => {
    if ('port' in event) return opened.resolve(event.port);
    if ('closed' in event) return closed.resolve();
    try {
      const request = parseCall(event);
      say(toGrpc(event.call, request.signal, await receive(request)));
    } catch (error) {
      problems.push(`${event.path}: ${error}`);
      say({ call: event.call, code: 3, body: '' });
    }
  });
  say({ open: id, tls: tlsOptions(secure) });
  const url = `${secure ? 'https' : 'http'}://127.0.0.1:${await opened.promise}`;
  return toSink(url, () => {
    say({ close: id });
    return closed.promise;
  });
}

/** The servers of this test file. */
let started: ReturnType<typeof startProcess> | undefined;
let nextServer = 0;
afterAll(() => void started?.stop());

function servers(): ReturnType<typeof startProcess> {
  started ??= startProcess();
  return started;
}

function startProcess() {
  const node = join(root, 'node_modules/.bin/node');
  const child = spawn(node, [join(root, 'test/support/grpc-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const listeners = new Map<number, (event: GrpcEvent) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event: GrpcEvent = JSON.parse(line);
    listeners.get(event.server)?.(event);
  });
  return {
    say: (command: GrpcCommand) => child.stdin.write(`${JSON.stringify(command)}\n`),
    listen: (server: number, take: (event: GrpcEvent) => void) => listeners.set(server, take),
    stop: () => child.stdin.end(),
  };
}

function tlsOptions(secure: SecureOptions | undefined): SecureServerOptions | undefined {
  if (secure === undefined) return undefined;
  const { certificate: cert, key, clientAuthority: ca } = secure;
  return { cert, key, ...(ca && { ca, requestCert: true, rejectUnauthorized: true }) };
}

function parseCall({ path, headers, body: base64 }: GrpcCall): OtlpRequest {
  const receivedAt = performance.now();
  const signal = signals[path];
  if (!signal) throw new Error('no OTLP service');
  if (headers.te !== 'trailers' || !headers['content-type']?.startsWith('application/grpc')) {
    throw new Error('no gRPC');
  }
  const sent = Buffer.from(base64, 'base64');
  if (sent.readUInt32BE(1) !== sent.length - 5) throw new Error('not one message');
  const body = sent[0] === 1 ? gunzipSync(sent.subarray(5)) : sent.subarray(5);
  const { message, unknownFields } = decodeExportRequest(signal, body);
  const records = flattenExportRequest(signal, message);
  return { signal, target: path, headers, body, unknownFields, receivedAt, ...records };
}

function toGrpc(call: number, signal: Signal, answer: OtlpAnswer): GrpcAnswer {
  const { status = 200, headers, fault } = answer;
  const code = codes[status];
  if (code === undefined) throw new Error(`${status} is nothing in gRPC`);
  const retryAfter = headers?.['retry-after'];
  const details = retryAfter === undefined ? undefined : retryInfo(code, Number(retryAfter));
  const message = code === 0 ? (answer.body ?? encodeExportResponse(signal, answer)) : '';
  if (fault === 'cut') throw new Error('cut is of HTTP');
  return { call, code, details, fault, body: Buffer.from(message).toString('base64') };
}

/** Encodes a google.rpc.Status with one detail, in base64. */
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
