import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { countJsonSpans, countSpans } from './count-spans.ts';

/** A stand-in for an OpenTelemetry Collector that takes everything and counts the spans. */
export interface CountingCollector {
  /** Value for `OTEL_EXPORTER_OTLP_ENDPOINT` under both HTTP protocols. */
  readonly url: string;
  /** The same for gRPC. */
  readonly grpcUrl: string;
  /** Spans received since the last call of `reset()`. */
  readonly spans: number;
  /** @param delayMs delay of each response from now on. @default 0 */
  reset(delayMs?: number): void;
  /**
   * Resolves when this number of spans has arrived, or when none has arrived for a time.
   * @param timeoutMs @default 7_000
   */
  hasSpans(count: number, timeoutMs?: number): Promise<void>;
  close(): void;
}

const GRPC_TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** An empty message: not compressed, length 0. */
const GRPC_EMPTY = new Uint8Array(5);

export async function startCountingCollector(): Promise<CountingCollector> {
  let spans = 0;
  let responseDelayMs = 0;

  const http = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const isJson = incoming.headers['content-type'] === 'application/json';
    if (incoming.url === '/v1/traces') spans += isJson ? countJsonSpans(body) : countSpans(body);
    if (responseDelayMs > 0) await sleep(responseDelayMs);
    outgoing.writeHead(200, { 'Content-Type': incoming.headers['content-type'] });
    outgoing.end(isJson ? '{}' : undefined);
  });

  const grpc = createHttp2Server();
  grpc.on('stream', async (stream: ServerHttp2Stream, headers) => {
    const body = await buffer(stream);
    // The message follows one byte for compression and four bytes of length.
    if (headers[':path'] === GRPC_TRACES) spans += countSpans(body.subarray(5));
    if (responseDelayMs > 0) await sleep(responseDelayMs);
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
    reset(delayMs = 0) {
      spans = 0;
      responseDelayMs = delayMs;
    },
    // Batches leave every 5 s by default.
    async hasSpans(count, timeoutMs = 7_000) {
      let before = -1;
      for (let waited = 0; spans < count && waited < timeoutMs; waited += 10) {
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
