import { Buffer } from 'node:buffer';
import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
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
 * Sends one message and reads the answer to its end.
 *
 * Rejects with the error of the connection when that ends before, and with a `TimeoutError` when the
 * time is over, whatever has come by then.
 * @param timeoutMillis `Infinity` is no limit
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function callUnary(
  stream: ClientHttp2Stream,
  framed: Uint8Array,
  timeoutMillis: number,
): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const timer = Number.isFinite(timeoutMillis)
      ? setTimeout(() => giveUp(new DOMException('', 'TimeoutError')), timeoutMillis)
      : undefined;
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    let length = 0;
    const chunks: Uint8Array[] = [];

    function giveUp(error: Error) {
      clearTimeout(timer);
      reject(error);
      stream.close();
    }
    function settle(answer: Buffer | undefined) {
      clearTimeout(timer);
      resolve(judge(head, trailers, answer));
      stream.close();
    }
    stream.on('error', giveUp);
    stream.on('response', (headers) => {
      head = headers;
    });
    stream.on('trailers', (headers) => {
      trailers = headers;
    });
    stream.on('data', (chunk: Uint8Array) => {
      length += chunk.length;
      if (length <= MAX_ANSWER) chunks.push(chunk);
      else settle(undefined);
    });
    // Deno 2.9 closes no stream whose message was refused before it was written to its end.
    stream.on('end', () => {
      if (isAnswer(head, trailers)) settle(Buffer.concat(chunks));
    });
    // What comes to its end without a status was cut.
    stream.on('close', () => {
      if (isAnswer(head, trailers)) settle(Buffer.concat(chunks));
      else giveUp(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
    });
    stream.end(framed);
  });
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
