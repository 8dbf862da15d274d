import { beforeAll, describe, expect, test } from 'vitest';
import type { OtlpProtocol } from '../../exporters/index.ts';
import { relayTo, startCollector } from '../support/collector.ts';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { openDelivery } from '../support/open-delivery.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { recordSpans } from '../support/sdk-records.ts';

const SPANS = 50;
const LARGE = 6;

/** Sends batches of this size and then a small one. @returns their counts and the reports of losses */
async function deliver(
  protocol: OtlpProtocol,
  url: string,
  bytes: number,
  variables: Readonly<Record<string, string>> = {},
) {
  const { messages, delivery, send, shutdown } = await openDelivery(protocol, url, variables);
  // Several on the same connection, where it is kept, behind what was left of the one before.
  for (const size of [...Array(LARGE).fill(bytes), SPANS]) {
    const batch = recordSpans((tracer) => {
      const attributes = { text: 'x'.repeat(size / SPANS) };
      for (let i = 0; i < SPANS; i++) tracer.startSpan('span', { attributes }).end();
    });
    await send(batch);
  }
  await shutdown();
  return { counts: delivery.counts, messages };
}

if (collectorIsMissing) {
  const reason = collectorIsMissing;
  test('limits of a real Collector', ({ skip }) => skip(reason));
} else {
  beforeAll(getCollector, COLLECTOR_BUILD_TIMEOUT_MS);

  describe('a real Collector and large batches', () => {
    test.each<[OtlpProtocol, megabytes: number, expected: RegExp]>([
      [
        'grpc',
        5,
        /responded with RESOURCE_EXHAUSTED \(8\): "grpc: received message larger than max \(\d+ vs\. 4194304\)"; if batches are too large, lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE, or raise max_recv_msg_size_mib /,
      ],
      [
        'http/protobuf',
        21,
        /rejected the request with status 400: "http: request body too large"; /,
      ],
    ])(
      '%s: a batch of %i MB is refused, the next one arrives',
      async (protocol, megabytes, expected) => {
        await using sink = await startOtlpSink();
        await using collector = await startCollector([relayTo(sink.url)]);
        const { http, grpc } = collector.urls;
        const url = protocol === 'grpc' ? grpc : http;
        const { counts, messages } = await deliver(protocol, url, megabytes * 2 ** 20);
        expect(messages).toEqual([
          expect.stringMatching(expected),
          expect.stringContaining('Traces to otlp: exports succeed again'),
        ]);
        expect(counts).toMatchObject({
          created: (LARGE + 1) * SPANS,
          exported: SPANS,
          dropped: { failed: LARGE * SPANS },
        });
        expect(sink.spans).toHaveLength(SPANS);
      },
    );
  });

  test('gRPC sent to the HTTP port is reported with the port to use', async () => {
    await using sink = await startOtlpSink();
    await using collector = await startCollector([relayTo(sink.url)]);
    const { messages } = await deliver('grpc', collector.urls.http, 100, {
      // Deno tries again.
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    });
    expect(messages[0]).toContain(
      'does not support gRPC, or requires TLS; use the gRPC port in OTEL_EXPORTER_OTLP_ENDPOINT (usually 4317)',
    );
  });
}
