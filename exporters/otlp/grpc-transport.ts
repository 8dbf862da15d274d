import type { ClientHttp2Session } from 'node:http2';
import process from 'node:process';
import type { Signal } from '../exporter.ts';
import { decompress, loadEncoder } from './compression.ts';
import { explainFailure, isRetryable, timeoutError } from './connection-error.ts';
import { readCredentials } from './credentials.ts';
import { callUnary, connectGrpc, frame, type GrpcAnswer } from './grpc-call.ts';
import type { OtlpOptions } from './options.ts';
import { explainAnswer, explainStatus, hugeAnswer } from './response-error.ts';
import { parseRetryInfo } from './retry-info.ts';
import {
  MAX_ANSWER,
  RETRYABLE_STATUSES,
  type Transport,
  type TransportResult,
  USER_AGENT,
} from './transport.ts';

const PACKAGE = 'opentelemetry.proto.collector';
const METHODS: Readonly<Record<Signal, string>> = {
  traces: `/${PACKAGE}.trace.v1.TraceService/Export`,
  metrics: `/${PACKAGE}.metrics.v1.MetricsService/Export`,
  logs: `/${PACKAGE}.logs.v1.LogsService/Export`,
};

/** CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS. */
const RETRYABLE: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);
const RESOURCE_EXHAUSTED = 8;
/** The largest that eight digits hold, which is what gRPC allows. */
const LONGEST_TIMEOUT = 99_999_999;

/**
 * Deno 2.9 dies now and then when the other end closes a connection of HTTP/2 that waits for work, as a
 * Collector does that is restarted. There every batch has a connection of its own.
 */
const KEEPS_CONNECTIONS = !('deno' in process.versions);

/**
 * Calls a Collector's gRPC services.
 *
 * Written anew on `node:http2`: otlp-grpc-exporter-base keeps its transport to itself, which never says
 * that a failure is worth another try, and `@grpc/grpc-js` below it kills Deno (see above), refuses TLS
 * to an address on Node 26, and is larger than all other telemetry. One unary call needs little of gRPC.
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
    // It may be dead: close() would wait for the other end and hold the socket as long, as does
    // destroy() on Bun 1.4 without an error.
    session.destroy(error as Error);
  }

  async function call(message: Uint8Array, timeoutMillis: number): Promise<GrpcAnswer> {
    const session = openSession();
    session.ref();
    try {
      const stream = session.request(headersOf(signal, settings, timeoutMillis));
      const answer = await callUnary(stream, message, timeoutMillis);
      // The rest of a message that was refused before its end: behind it, Node 26 misses the answers to
      // other calls, and Deno 2.9 does not close the connection.
      if (!stream.writableFinished) discard(session, new Error('not sent to its end'));
      return answer;
    } catch (error) {
      discard(session, error);
      throw error;
    } finally {
      // An idle connection keeps no program alive.
      session.unref();
      if (kept !== session) session.close();
    }
  }

  return {
    async send(data, timeoutMillis) {
      try {
        const encode = await loadEncoder(settings.compression);
        const message = frame(await encode(data), settings.compression === 'gzip');
        return judge(await readable(await call(message, timeoutMillis)), settings);
      } catch (error) {
        if ((error as Error).name === 'TimeoutError') {
          return { status: 'failure', error: timeoutError(settings) };
        }
        const status = isRetryable(error) ? 'retryable' : 'failure';
        return { status, error: explainFailure(error, settings) };
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
    ...(timeoutMillis < LONGEST_TIMEOUT && { 'grpc-timeout': `${Math.ceil(timeoutMillis)}m` }),
  };
}

/** A Collector compresses its answer as the batch was, though nobody says that he accepts it. */
async function readable(answer: GrpcAnswer): Promise<GrpcAnswer> {
  if (!('message' in answer) || answer.message === undefined || !answer.isCompressed) return answer;
  const { message } = answer;
  // What cannot be read is told by who reads the message: the batch has been taken all the same.
  return { ...answer, message: await decompress(message, MAX_ANSWER).catch(() => message) };
}

function judge(answer: GrpcAnswer, settings: OtlpOptions): TransportResult {
  if ('status' in answer) {
    // Of a proxy, where gRPC would say UNAVAILABLE.
    const status = RETRYABLE_STATUSES.has(answer.status) ? 'retryable' : 'failure';
    const error = explainAnswer(answer, settings);
    return { status, error: Object.assign(error, { code: String(answer.status) }) };
  }
  const { code, message, says, details } = answer;
  if (message === undefined) return { status: 'failure', error: hugeAnswer(settings) };
  if (code === 0) return { status: 'success', data: message };
  const error = explainStatus(code, says, settings);
  const retryInMillis = details && parseRetryInfo(details);
  const isThrottled = code === RESOURCE_EXHAUSTED && retryInMillis !== undefined;
  if (!isThrottled && !RETRYABLE.has(code)) return { status: 'failure', error };
  return { status: 'retryable', error, ...(retryInMillis !== undefined && { retryInMillis }) };
}
