import { Buffer } from 'node:buffer';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import { MAX_RESPONSE_LENGTH, responseTimeout } from '../transport.ts';

/** The response to a call: of gRPC, or of HTTP if the server is not a gRPC server. */
export type GrpcResponse =
  | {
      readonly code: number;
      /** The message of the response, encoded; undefined if it is too long. */
      readonly body: Uint8Array | undefined;
      readonly isCompressed: boolean;
      /** The reason for a failure, human-readable; empty if the server does not give one. */
      readonly message: string;
      /** The encoded `google.rpc.Status`. */
      readonly details: Uint8Array | undefined;
    }
  | { readonly status: number; readonly contentType: string };

const PREFIX_LENGTH = 5;

/** Returns a message with the prefix of gRPC: whether it is compressed, and its length. */
export function frame(message: Uint8Array, isCompressed: boolean): Buffer {
  const prefix = Buffer.alloc(PREFIX_LENGTH);
  prefix.writeUInt8(isCompressed ? 1 : 0);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * Opens a connection for gRPC calls. Its errors are reported by the calls only.
 * @param options certificates and keys
 */
export function connectGrpc(
  url: string,
  options: SecureClientSessionOptions = {},
): ClientHttp2Session {
  const session = connect(url, { ...options, settings: { enablePush: false } });
  // Each call adds listeners.
  session.setMaxListeners(0);
  session.on('error', () => {});
  // A server may push before it has received the settings.
  session.on('stream', (pushed) => {
    pushed.on('error', () => {});
    pushed.close(constants.NGHTTP2_REFUSED_STREAM);
  });
  return session;
}

/**
 * Sends one message and reads the response to its end.
 *
 * Rejects with the error of the connection if that ends before. Rejects with `responseTimeout()` after the
 * time limit, even if a part of the response has arrived.
 * @param timeoutMillis time limit; `Infinity` means no limit
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function callUnary(
  stream: ClientHttp2Stream,
  framed: Uint8Array,
  timeoutMillis: number,
): Promise<GrpcResponse> {
  return new Promise((resolve, reject) => {
    const { session } = stream;
    const timer = Number.isFinite(timeoutMillis)
      ? setTimeout(() => abandon(responseTimeout(statusOf(head))), timeoutMillis)
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
    function abandon(error: Error) {
      close();
      reject(error);
    }
    function settle(response: GrpcResponse) {
      close();
      resolve(response);
    }
    function onGoAway() {
      const unavailable = withoutResponse(UNAVAILABLE, 'GOAWAY');
      goAwayTimer ??= setTimeout(() => settle(unavailable), GO_AWAY_GRACE_MS);
    }
    function onEnd(error?: NodeJS.ErrnoException) {
      if (isResponse(head, trailers)) settle(toGrpcResponse(head, trailers, Buffer.concat(chunks)));
      else if (error && error.code !== 'ERR_HTTP2_STREAM_ERROR') onCut(error);
      // A crashing server closes its streams without an error before it closes the connection.
      else if (stream.rstCode === 0) setTimeout(onCut, CLOSE_DELAY_MS);
      else onCut();
    }
    function onCut(error?: Error) {
      const { rstCode } = stream;
      const [code, name] = RESETS[rstCode] ?? [INTERNAL, `RST_STREAM, error ${rstCode}`];
      // The server has not started the call, or has aborted it.
      if (goAwayTimer) settle(withoutResponse(UNAVAILABLE, 'GOAWAY'));
      else if (error) abandon(error);
      else if (session?.destroyed) abandon(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
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
      if (length <= MAX_RESPONSE_LENGTH) chunks.push(chunk);
      else settle(toGrpcResponse(head, trailers, undefined));
    });
    // Deno 2.9 does not close a stream if its message was rejected before it was sent completely.
    stream.on('end', () => {
      if (isResponse(head, trailers)) onEnd();
    });
    stream.on('close', () => onEnd());
    stream.end(framed);
  });
}

/** Time in which the connection may end, too, after a stream was closed without an error. */
const CLOSE_DELAY_MS = 100;

/** Time for a call that a server started before it sent GOAWAY, as the server may abandon it. */
const GO_AWAY_GRACE_MS = 1_000;

const CANCELLED = 1;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;

/** Statuses of calls without a gRPC status, by the error code of HTTP/2 that ended the stream. */
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

function withoutResponse(code: number, message: string): GrpcResponse {
  return { code, body: new Uint8Array(), isCompressed: false, message, details: undefined };
}

function isResponse(head: IncomingHttpHeaders, trailers: IncomingHttpHeaders): boolean {
  return 'grpc-status' in head || 'grpc-status' in trailers || !isGrpc(head);
}

function isGrpc({ 'content-type': type = 'application/grpc' }: IncomingHttpHeaders): boolean {
  return type.startsWith('application/grpc');
}

function toGrpcResponse(
  head: IncomingHttpHeaders,
  trailers: IncomingHttpHeaders,
  body: Buffer | undefined,
): GrpcResponse {
  if (!isGrpc(head)) {
    const contentType = (head['content-type'] ?? '').replace(/;.*/s, '');
    return { status: statusOf(head) ?? 0, contentType };
  }
  const {
    'grpc-status': code,
    'grpc-message': message = '',
    'grpc-status-details-bin': details,
  } = { ...head, ...trailers };
  return {
    code: Number(code ?? 0),
    body: body?.subarray(PREFIX_LENGTH),
    isCompressed: body?.[0] === 1,
    message: percentDecode(String(message)),
    details: details === undefined ? undefined : Buffer.from(String(details), 'base64'),
  };
}

/** Decodes a percent-encoded message. Some servers do not encode it. */
function percentDecode(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

function statusOf({ ':status': status }: IncomingHttpHeaders): number | undefined {
  return status === undefined ? undefined : Number(status);
}
