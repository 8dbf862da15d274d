import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { countJsonSpans, countSpans } from './count-spans.ts';

/** Values of `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export type Protocol = 'http/protobuf' | 'http/json' | 'grpc';

/** A stand-in for an OpenTelemetry Collector that takes everything and counts the spans. */
export interface CountingCollector {
  /** Value for `OTEL_EXPORTER_OTLP_ENDPOINT` under both HTTP protocols. */
  readonly url: string;
  /** The same for gRPC. */
  readonly grpcUrl: string;
  /** Spans received since the last call of `reset()`. */
  readonly spans: number;
  /** @param answerAfter milliseconds that each answer takes from now on; default 0 */
  reset(answerAfter?: number): void;
  /** Resolves when so many spans have come, or when none has come for `patience` ms; default 7,000. */
  hasSpans(count: number, patience?: number): Promise<void>;
  close(): void;
}

const GRPC_TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** An answer without a word: not compressed, no bytes. */
const GRPC_EMPTY = new Uint8Array(5);

export async function startCountingCollector(): Promise<CountingCollector> {
  let spans = 0;
  let delay = 0;

  const http = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const isJson = incoming.headers['content-type'] === 'application/json';
    if (incoming.url === '/v1/traces') spans += isJson ? countJsonSpans(body) : countSpans(body);
    if (delay > 0) await sleep(delay);
    outgoing.writeHead(200, { 'Content-Type': incoming.headers['content-type'] });
    outgoing.end(isJson ? '{}' : undefined);
  });

  const grpc = createHttp2Server();
  grpc.on('stream', async (stream: ServerHttp2Stream, headers) => {
    const body = await buffer(stream);
    // Before the message: one byte that tells of compression, four of length.
    if (headers[':path'] === GRPC_TRACES) spans += countSpans(body.subarray(5));
    if (delay > 0) await sleep(delay);
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.end(GRPC_EMPTY);
  });

  const port = await listen(http);
  const grpcPort = await listen(grpc);
  return {
    url: `http://127.0.0.1:${port}`,
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    get spans() {
      return spans;
    },
    reset(answerAfter = 0) {
      spans = 0;
      delay = answerAfter;
    },
    // Batches leave every 5 s by default.
    async hasSpans(count, patience = 7_000) {
      let before = -1;
      for (let waited = 0; spans < count && waited < patience; waited += 10) {
        if (spans !== before) waited = 0;
        before = spans;
        await sleep(10);
      }
    },
    close() {
      http.close();
      http.closeAllConnections();
      grpc.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
