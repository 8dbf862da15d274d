import { Buffer } from 'node:buffer';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import { MAX_ANSWER } from './transport.ts';

/** How a call ended: by gRPC's rules, or by an answer that is none. */
export type GrpcAnswer =
  | {
      readonly code: number;
      /** Undefined where nothing came, or more than makes sense. */
      readonly message: Uint8Array | undefined;
      readonly isCompressed: boolean;
      /** Why it was refused, for a person; empty where the other end does not say. */
      readonly says: string;
      /** `google.rpc.Status` */
      readonly details: Uint8Array | undefined;
    }
  | { readonly status: number; readonly contentType: string };

const PREFIX = 5;

/** A message as gRPC sends it: whether it is compressed, its length, itself. */
export function frame(message: Uint8Array, isCompressed: boolean): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt8(isCompressed ? 1 : 0);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * Opens a connection for gRPC calls. Its errors reach the calls alone.
 * @param options certificates and keys
 */
export function connectGrpc(
  url: string,
  options: SecureClientSessionOptions = {},
): ClientHttp2Session {
  const session = connect(url, { ...options, settings: { enablePush: false } });
  // Every call listens to it.
  session.setMaxListeners(0);
  session.on('error', () => {});
  // A server may push before it has read the settings.
  session.on('stream', (pushed) => {
    pushed.on('error', () => {});
    pushed.close(constants.NGHTTP2_REFUSED_STREAM);
  });
  return session;
}

/**
 * Sends one message and reads the response to its end.
 *
 * Rejects with the error of the connection if that ends before, and with a `TimeoutError` after the
 * time limit, even if a part of the response has arrived.
 * @param timeoutMillis `Infinity` is no limit
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function callUnary(
  stream: ClientHttp2Stream,
  framed: Uint8Array,
  timeoutMillis: number,
): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const { session } = stream;
    const timer = Number.isFinite(timeoutMillis)
      ? setTimeout(() => giveUp(new DOMException('', 'TimeoutError')), timeoutMillis)
      : undefined;
    let goAwayTimer: ReturnType<typeof setTimeout> | undefined;
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    let length = 0;
    const chunks: Uint8Array[] = [];

    function close() {
      clearTimeout(timer);
      clearTimeout(goAwayTimer);
      session?.off('goaway', onGoAway);
      stream.close();
    }
    function giveUp(error: Error) {
      close();
      reject(error);
    }
    function settle(answer: GrpcAnswer) {
      close();
      resolve(answer);
    }
    function onGoAway() {
      const unavailable = withoutResponse(UNAVAILABLE, 'GOAWAY');
      goAwayTimer ??= setTimeout(() => settle(unavailable), GO_AWAY_GRACE_MS);
    }
    function onEnd(error?: NodeJS.ErrnoException) {
      if (isAnswer(head, trailers)) settle(judge(head, trailers, Buffer.concat(chunks)));
      else if (error && error.code !== 'ERR_HTTP2_STREAM_ERROR') onCut(error);
      // A server that dies closes its streams without an error before it closes the connection.
      else if (stream.rstCode === 0) setTimeout(onCut, CLOSE_DELAY_MS);
      else onCut();
    }
    function onCut(error?: Error) {
      const { rstCode } = stream;
      const [code, name] = RESETS[rstCode] ?? [INTERNAL, `RST_STREAM, error ${rstCode}`];
      // The server has not begun the call, or has cut it off.
      if (goAwayTimer) settle(withoutResponse(UNAVAILABLE, 'GOAWAY'));
      else if (error) giveUp(error);
      else if (session?.destroyed) giveUp(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
      else settle(withoutResponse(code, name));
    }

    session?.on('goaway', onGoAway);
    stream.on('error', onEnd);
    stream.on('response', (headers) => {
      head = headers;
    });
    stream.on('trailers', (headers) => {
      trailers = headers;
    });
    stream.on('data', (chunk: Uint8Array) => {
      length += chunk.length;
      if (length <= MAX_ANSWER) chunks.push(chunk);
      else settle(judge(head, trailers, undefined));
    });
    // Deno 2.9 closes no stream whose message was refused before it was written to its end.
    stream.on('end', () => {
      if (isAnswer(head, trailers)) onEnd();
    });
    stream.on('close', () => onEnd());
    stream.end(framed);
  });
}

/** The time in which the connection of a stream that was closed without an error may end, too. */
const CLOSE_DELAY_MS = 100;

/** The time for a call that a server has begun before it announced its end, which it may forget. */
const GO_AWAY_GRACE_MS = 1_000;

const CANCELLED = 1;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;

/** The status of a call without one, by the error code of HTTP/2 that ended its stream. */
const RESETS: Readonly<Record<number, readonly [status: number, name: string]>> = {
  0: [INTERNAL, 'response without a status'],
  1: [INTERNAL, 'RST_STREAM, PROTOCOL_ERROR'],
  2: [INTERNAL, 'RST_STREAM, INTERNAL_ERROR'],
  3: [INTERNAL, 'RST_STREAM, FLOW_CONTROL_ERROR'],
  4: [INTERNAL, 'RST_STREAM, SETTINGS_TIMEOUT'],
  6: [INTERNAL, 'RST_STREAM, FRAME_SIZE_ERROR'],
  7: [UNAVAILABLE, 'RST_STREAM, REFUSED_STREAM'],
  8: [CANCELLED, 'RST_STREAM, CANCEL'],
  9: [INTERNAL, 'RST_STREAM, COMPRESSION_ERROR'],
  10: [INTERNAL, 'RST_STREAM, CONNECT_ERROR'],
  11: [RESOURCE_EXHAUSTED, 'RST_STREAM, ENHANCE_YOUR_CALM'],
  12: [PERMISSION_DENIED, 'RST_STREAM, INADEQUATE_SECURITY'],
};

function withoutResponse(code: number, says: string): GrpcAnswer {
  return { code, message: new Uint8Array(), isCompressed: false, says, details: undefined };
}

function isAnswer(head: IncomingHttpHeaders, trailers: IncomingHttpHeaders): boolean {
  return 'grpc-status' in head || 'grpc-status' in trailers || !isGrpc(head);
}

function isGrpc({ 'content-type': type = 'application/grpc' }: IncomingHttpHeaders): boolean {
  return type.startsWith('application/grpc');
}

function judge(
  head: IncomingHttpHeaders,
  trailers: IncomingHttpHeaders,
  answer: Buffer | undefined,
): GrpcAnswer {
  if (!isGrpc(head)) {
    const contentType = (head['content-type'] ?? '').replace(/;.*/s, '');
    return { status: Number(head[':status']), contentType };
  }
  const {
    'grpc-status': code,
    'grpc-message': says = '',
    'grpc-status-details-bin': details,
  } = { ...head, ...trailers };
  return {
    code: Number(code ?? 0),
    message: answer?.subarray(PREFIX),
    isCompressed: answer?.[0] === 1,
    says: decode(String(says)),
    details: details === undefined ? undefined : Buffer.from(String(details), 'base64'),
  };
}

/** It is percent-encoded, or not, by servers that do not care. */
function decode(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
