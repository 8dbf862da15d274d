import type { ClientHttp2Session } from 'node:http2';
import process from 'node:process';
import type { ExportFailure, Signal } from '../../exporter.ts';
import type { OtlpOptions } from '../../options.ts';
import { decompress, loadCompressor } from '../compression.ts';
import { readCredentials } from '../credentials.ts';
import { sanitizeMessage } from '../failure/index.ts';
import { parseRetryInfo } from '../retry-after.ts';
import {
  failedResult,
  MAX_RESPONSE_LENGTH,
  RETRYABLE_STATUSES,
  type Transport,
  type TransportResult,
  USER_AGENT,
} from '../transport.ts';
import { callUnary, connectGrpc, frame, type GrpcResponse } from './grpc-call.ts';

const PACKAGE = 'opentelemetry.proto.collector';
const METHODS: Readonly<Record<Signal, string>> = {
  traces: `/${PACKAGE}.trace.v1.TraceService/Export`,
  metrics: `/${PACKAGE}.metrics.v1.MetricsService/Export`,
  logs: `/${PACKAGE}.logs.v1.LogsService/Export`,
};

/** CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS. */
const RETRYABLE_CODES: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);
const RESOURCE_EXHAUSTED = 8;
/** The longest timeout that gRPC allows: eight digits. */
const MAX_TIMEOUT_MS = 99_999_999;

/**
 * Deno 2.9 sometimes crashes when the server closes an idle HTTP/2 connection, for example because a
 * Collector restarts. There, each batch gets a separate connection.
 */
const KEEPS_CONNECTIONS = !('deno' in process.versions);

/**
 * Creates a transport that calls the gRPC services of a Collector.
 *
 * Based on `node:http2`: otlp-grpc-exporter-base does not export its transport, which does not report
 * retryable failures. `@grpc/grpc-js`, which it uses, crashes Deno (see above), refuses TLS to an IP
 * address on Node 26, and is larger than all other telemetry. A unary call needs little of gRPC.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc
 * @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
export function openGrpcTransport(signal: Signal, settings: OtlpOptions): Transport {
  let kept: ClientHttp2Session | undefined;

  function openSession(): ClientHttp2Session {
    if (kept && !kept.closed && !kept.destroyed) return kept;
    const session = connectGrpc(settings.url, readCredentials(settings));
    session.on('goaway', () => {
      if (kept === session) kept = undefined;
    });
    if (KEEPS_CONNECTIONS) kept = session;
    return session;
  }

  function discard(session: ClientHttp2Session, error: unknown): void {
    if (kept === session) kept = undefined;
    // The connection may be dead: close() would wait for the server and keep the socket. On Bun 1.4,
    // destroy() without an error does the same.
    session.destroy(error as Error);
  }

  async function call(message: Uint8Array, timeoutMillis: number): Promise<GrpcResponse> {
    const session = openSession();
    session.ref();
    try {
      const stream = session.request(headersOf(signal, settings, timeoutMillis));
      const response = await callUnary(stream, message, timeoutMillis);
      // The server rejected a message that was not sent completely. After its rest, Node 26 misses the
      // responses to other calls, and Deno 2.9 does not close the connection.
      if (!stream.writableFinished) discard(session, new Error('message not sent completely'));
      return response;
    } catch (error) {
      discard(session, error);
      throw error;
    } finally {
      // Lets the program exit while the connection is idle.
      session.unref();
      if (kept !== session) session.close();
    }
  }

  return {
    async send(data, timeoutMillis) {
      try {
        const compress = await loadCompressor(settings.compression);
        const message = frame(await compress(data), settings.compression === 'gzip');
        return toResult(await decompressed(await call(message, timeoutMillis)), settings);
      } catch (error) {
        return failedResult(error, settings);
      }
    },
    shutdown: () => kept?.close(),
  };
}

function headersOf(signal: Signal, settings: OtlpOptions, timeoutMillis: number) {
  const own = Object.entries(settings.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...Object.fromEntries(own),
    ':method': 'POST',
    ':path': METHODS[signal],
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': USER_AGENT,
    ...(settings.compression === 'gzip' && { 'grpc-encoding': 'gzip' }),
    ...(timeoutMillis < MAX_TIMEOUT_MS && { 'grpc-timeout': `${Math.ceil(timeoutMillis)}m` }),
  };
}

/** Decompresses a response. Collectors compress it like the request, although we do not ask for it. */
async function decompressed(response: GrpcResponse): Promise<GrpcResponse> {
  if (!('body' in response) || response.body === undefined || !response.isCompressed) {
    return response;
  }
  const { body } = response;
  // The records were accepted even if the response is not valid, which its reader reports.
  return { ...response, body: await decompress(body, MAX_RESPONSE_LENGTH).catch(() => body) };
}

function toResult(response: GrpcResponse, settings: OtlpOptions): TransportResult {
  if ('status' in response) {
    // Of a proxy, for which gRPC clients report UNAVAILABLE.
    const { status, contentType } = response;
    return {
      status: RETRYABLE_STATUSES.has(status) ? 'retryable' : 'failure',
      failure: { kind: 'http', status, contentType },
    };
  }
  const { code, body, message, details } = response;
  if (body === undefined) return { status: 'failure', failure: { kind: 'oversized-response' } };
  if (code === 0) return { status: 'success', data: body };
  const retryAfterMillis = details && parseRetryInfo(details);
  const failure: ExportFailure = {
    kind: 'grpc',
    grpcCode: code,
    message: sanitizeMessage(message, settings),
    retryAfterMillis,
  };
  const isThrottled = code === RESOURCE_EXHAUSTED && retryAfterMillis !== undefined;
  return { status: isThrottled || RETRYABLE_CODES.has(code) ? 'retryable' : 'failure', failure };
}
