import { connect, type IncomingHttpHeaders } from 'node:http2';
import type { Signal } from '../../telemetry/exporter.ts';
import type { TlsFiles } from '../connect/probe-tls.ts';
import { type Deadline, millisSince } from '../deadline.ts';
import type { OtlpTarget } from '../options.ts';
import { errorCode } from '../show.ts';
import type { HttpReply } from './exchange.ts';

export type GrpcReply =
  | HttpReply
  | { readonly kind: 'grpc'; readonly status: number; readonly message: string };

const SERVICES: Readonly<Record<Signal, string>> = {
  traces: 'trace.v1.TraceService',
  metrics: 'metrics.v1.MetricsService',
  logs: 'logs.v1.LogsService',
};
// Not compressed, no bytes: an export request without records.
const EMPTY_MESSAGE = Buffer.alloc(5);

/** What `askHttp()` is for HTTP. Never rejects. */
export function askGrpc(
  signal: Signal,
  { url, headers }: Pick<OtlpTarget, 'url' | 'headers'>,
  files: TlsFiles,
  deadline: Deadline,
): Promise<GrpcReply> {
  const start = performance.now();
  return new Promise((resolve) => {
    const received: IncomingHttpHeaders = {};
    let stop = () => {};
    const timer = setTimeout(
      () => end({ kind: 'timeout', millis: millisSince(start), status: statusOf(received) }),
      Math.max(0, deadline - start),
    );
    function end(reply: GrpcReply): void {
      clearTimeout(timer);
      resolve(reply);
      stop();
    }
    const fail = (error: unknown) => end({ kind: 'no-answer', code: errorCode(error) });
    try {
      const session = connect(new URL(url).origin, files);
      stop = () => session.destroy();
      session.on('error', fail).on('close', () => fail({ code: 'ECONNRESET' }));
      const stream = session.request({
        ...Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        ':method': 'POST',
        ':path': `/opentelemetry.proto.collector.${SERVICES[signal]}/Export`,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream
        .on('response', (head) => Object.assign(received, head))
        .on('trailers', (trailers) => Object.assign(received, trailers))
        .on('error', fail)
        .on('data', () => {})
        .on('end', () => setImmediate(() => end(readReply(received))));
      stream.end(EMPTY_MESSAGE);
    } catch (error) {
      fail(error);
    }
  });
}

function readReply(received: IncomingHttpHeaders): GrpcReply {
  const status = received['grpc-status'];
  if (status !== undefined) {
    const message = String(received['grpc-message'] ?? '');
    return { kind: 'grpc', status: Number(status), message: decode(message) };
  }
  return {
    kind: 'http',
    status: statusOf(received) ?? 0,
    contentType: received['content-type'] ?? '',
    retryAfter: received['retry-after'] ?? null,
    location: received.location ?? null,
    body: '',
  };
}

function statusOf(received: IncomingHttpHeaders): number | null {
  return received[':status'] === undefined ? null : Number(received[':status']);
}

function decode(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
