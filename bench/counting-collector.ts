import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A stand-in for an OpenTelemetry Collector that takes everything and counts the spans. */
export interface CountingCollector {
  /** Value for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  /** Spans received since the last call of `reset()`. */
  readonly spans: number;
  reset(): void;
  /** Resolves when so many spans have come, or when none has come for 7 s. */
  hasSpans(count: number): Promise<void>;
  close(): void;
}

export async function startCountingCollector(): Promise<CountingCollector> {
  let spans = 0;
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    if (incoming.url === '/v1/traces') spans += countSpans(body);
    outgoing.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get spans() {
      return spans;
    },
    reset() {
      spans = 0;
    },
    async hasSpans(count) {
      // Batches leave at least every 5 s.
      let before = -1;
      for (let waited = 0; spans < count && waited < 7_000; waited += 10) {
        if (spans !== before) waited = 0;
        before = spans;
        await sleep(10);
      }
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** ExportTraceServiceRequest.resource_spans (1), ResourceSpans.scope_spans (2), ScopeSpans.spans (2). */
function countSpans(request: Uint8Array): number {
  let count = 0;
  for (const resourceSpans of messages(request, 1)) {
    for (const scopeSpans of messages(resourceSpans, 2))
      count += [...messages(scopeSpans, 2)].length;
  }
  return count;
}

/** The embedded messages of a field. On these three levels every field is length-delimited. */
function* messages(bytes: Uint8Array, field: number): Generator<Uint8Array> {
  let position = 0;
  function varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  while (position < bytes.length) {
    const key = varint();
    const length = varint();
    if (key >>> 3 === field) yield bytes.subarray(position, position + length);
    position += length;
  }
}
