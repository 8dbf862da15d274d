import { connect, type IncomingHttpHeaders } from 'node:http2';
import type { Signal } from 'opentelemetry-instrument-exporters';
import type { TlsFiles } from '../connect/probe-tls.ts';
import type { Deadline } from '../deadline.ts';
import type { OtlpTarget } from '../options.ts';
import { type Reply, replyBefore } from './reply.ts';

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
): Promise<Reply> {
  return replyBefore(deadline, ({ begin, end, fail }) => {
    const received: IncomingHttpHeaders = {};
    const session = connect(new URL(url).origin, { ...files, settings: { enablePush: false } });
    session.on('error', fail).on('close', () => fail({ code: 'ECONNRESET' }));
    // A server may push before it has read the settings.
    session.on('stream', (pushed) => pushed.on('error', () => {}));
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
      .on('response', (head) => {
        Object.assign(received, head);
        begin(Number(head[':status']));
      })
      .on('trailers', (trailers) => Object.assign(received, trailers))
      .on('error', fail)
      .on('data', () => {})
      .on('end', () => setImmediate(() => end(readReply(received))));
    stream.end(EMPTY_MESSAGE);
    return () => session.destroy();
  });
}

function readReply(received: IncomingHttpHeaders): Reply {
  const status = received['grpc-status'];
  if (status !== undefined) {
    const message = String(received['grpc-message'] ?? '');
    return { kind: 'grpc', status: Number(status), message: decode(message) };
  }
  return {
    kind: 'http',
    status: Number(received[':status'] ?? 0),
    contentType: received['content-type'] ?? '',
    retryAfter: received['retry-after'] ?? null,
    location: received.location ?? null,
    body: '',
  };
}

function decode(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
