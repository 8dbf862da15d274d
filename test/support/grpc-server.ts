// Servers that receive gRPC calls and get their responses from the parent process, as lines of JSON.
// They use plain HTTP/2, so that they can misbehave. They run in a process of Node: Deno 2.9 crashes when
// a server closes a connection whose client is in the same process.
import { Buffer } from 'node:buffer';
import {
  createSecureServer,
  createServer,
  type Http2Session,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

/** Message from the parent. */
export type GrpcCommand =
  | { readonly open: number; readonly tls: SecureServerOptions | undefined }
  | { readonly close: number }
  | GrpcAnswer;

/** Message to the parent: a server listens, a server has closed, or a call. */
export type GrpcEvent =
  | { readonly server: number; readonly port: number }
  | { readonly server: number; readonly closed: true }
  | GrpcCall;

/** Bytes are in base64. */
export interface GrpcCall {
  readonly server: number;
  readonly call: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface GrpcAnswer {
  readonly call: number;
  readonly code: number;
  /** The google.rpc.Status that comes with a code other than 0. */
  readonly details?: string | undefined;
  readonly body: string;
  readonly fault?: 'hang' | 'drip' | 'reset' | 'proxy' | undefined;
}

const closers = new Map<number, () => void>();
const streams = new Map<number, ServerHttp2Stream>();
/** Calls whose message is compressed, so that the answer is, too: as a Collector does. */
const compressed = new Set<number>();

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit());
lines.on('line', (line) => {
  const command: GrpcCommand = JSON.parse(line);
  if ('open' in command) open(command.open, command.tls);
  else if ('close' in command) closers.get(command.close)?.();
  else answer(command);
});

function say(event: GrpcEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function open(id: number, tls: SecureServerOptions | undefined): void {
  const sessions = new Set<Http2Session>();
  const server = tls ? createSecureServer(tls) : createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
  });
  server.on('stream', async (stream: ServerHttp2Stream, { ':path': path = '', ...headers }) => {
    stream.on('error', () => {});
    const body = await buffer(stream).catch(() => undefined);
    if (body === undefined) return;
    const call = streams.size;
    streams.set(call, stream);
    if (headers['grpc-encoding'] === 'gzip') compressed.add(call);
    const plain = { ...headers } as Record<string, string>;
    say({ server: id, call, path, headers: plain, body: body.toString('base64') });
  });
  server.listen(0, '127.0.0.1', () => {
    say({ server: id, port: (server.address() as AddressInfo).port });
  });
  closers.set(id, () => {
    server.close(() => say({ server: id, closed: true }));
    for (const session of sessions) session.destroy();
  });
}

function answer({ call, code, details, body, fault }: GrpcAnswer): void {
  const stream = streams.get(call);
  if (stream === undefined || stream.destroyed || fault === 'hang') return;
  if (fault === 'proxy') {
    stream.respond({ ':status': 503, 'content-type': 'text/html' });
    return void stream.end('<h1>Nobody is there</h1>');
  }
  if (fault === 'reset') return void stream.session?.destroy();
  const headers = {
    'content-type': 'application/grpc',
    ...(compressed.has(call) && { 'grpc-encoding': 'gzip' }),
  };
  if (code !== 0) {
    const status = { 'grpc-status': String(code), 'grpc-message': 'the test wants it' };
    const detail = details ? { 'grpc-status-details-bin': details } : {};
    return void stream.respond({ ...headers, ...status, ...detail }, { endStream: true });
  }
  const isCompressed = compressed.has(call);
  const plain = Buffer.from(body, 'base64');
  const message = isCompressed ? gzipSync(plain) : plain;
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(isCompressed ? 1 : 0);
  prefix.writeUInt32BE(fault === 'drip' ? 1_000_000 : message.length, 1);
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  if (fault !== 'drip') return void stream.end(Buffer.concat([prefix, message]));
  stream.write(prefix);
  const drip = setInterval(() => stream.write('.'), 50);
  stream.once('close', () => clearInterval(drip));
}
