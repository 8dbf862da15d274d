import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { freeCollectorUrls, relayTo, startCollector } from '../support/collector.ts';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { isBalanced, readOtlpCounts } from '../support/delivery-counts.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { PROTOCOLS, transportOf } from '../support/protocols.ts';
import { type SpawnedApp, spawnApp } from '../support/spawned-app.ts';

/** Time for spans to arrive on a busy machine. */
const PATIENCE_MS = 20_000;

/** Refuses everything: a Collector's heap is never below the one megabyte that it may take. */
const REFUSING = {
  processors: { memory_limiter: { check_interval: '100ms', limit_mib: 1 } },
  service: {
    pipelines: {
      traces: { processors: ['memory_limiter'] },
      metrics: { processors: ['memory_limiter'] },
      logs: { processors: ['memory_limiter'] },
    },
  },
};

/** Requests the page 50 times a second until `stop()`, or to the end of the block. */
function startLoad(app: SpawnedApp) {
  const answers: Promise<unknown>[] = [];
  const timer = setInterval(() => answers.push(fetch(app.url).then((answer) => answer.text())), 20);
  return {
    /** @returns the number of requests, which have all been answered */
    async stop(): Promise<number> {
      clearInterval(timer);
      await Promise.all(answers);
      return answers.length;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

if (collectorIsMissing) {
  const reason = collectorIsMissing;
  test('faults of a real Collector', ({ skip }) => skip(reason));
} else {
  beforeAll(getCollector, COLLECTOR_BUILD_TIMEOUT_MS);

  describe.concurrent.each(PROTOCOLS)('over %s', (protocol) => {
    const transport = transportOf(protocol);
    const spawn = (url: string) =>
      spawnApp({
        args: ['--otlp'],
        env: {
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_ENDPOINT: url,
          OTEL_BSP_SCHEDULE_DELAY: '50',
        },
      });

    test.each(['SIGTERM', 'SIGKILL'] as const)(
      'a Collector that is ended by %s under load and restarted loses only counted records',
      async (signal) => {
        await using sink = await startOtlpSink();
        const urls = await freeCollectorUrls();
        const first = await startCollector([relayTo(sink.url)], urls);
        await using app = await spawn(urls[transport]);
        using load = startLoad(app);
        await sink.waitFor(({ spans }) => spans.length >= 20, PATIENCE_MS);
        await first.stop(signal);
        await sleep(500);
        await using _second = await startCollector([relayTo(sink.url)], urls);
        const before = sink.spans.length;
        await sink.waitFor(({ spans }) => spans.length >= before + 20, PATIENCE_MS);
        const requests = await load.stop();
        const { code, stderr } = await app.stop();
        expect(code).toBe(0);

        const counts = readOtlpCounts(stderr, 'Traces');
        expect(counts.created).toBe(2 * requests);
        expect(counts).toSatisfy(isBalanced);
        const arrived = new Set(sink.spans.map(({ spanId }) => spanId));
        // What was in flight when it ended may have arrived unanswered, and is sent again.
        expect(arrived.size).toBeGreaterThanOrEqual(counts.exported);
        expect(arrived.size).toBeLessThanOrEqual(counts.created);
        // A second without a Collector is what retries are for.
        expect(counts.dropped).toEqual({});
      },
    );

    test('a Collector without free memory refuses batches, and accepts their retries when it has some', async () => {
      await using sink = await startOtlpSink();
      const urls = await freeCollectorUrls();
      const refusing = await startCollector([relayTo(sink.url), REFUSING], urls);
      await using app = await spawn(urls[transport]);
      using load = startLoad(app);
      await sleep(1_000);
      expect(refusing.output).toContain('Refusing data');
      expect(sink.spans).toEqual([]);
      await refusing.stop();
      await using _roomy = await startCollector([relayTo(sink.url)], urls);
      await sink.waitFor(({ spans }) => spans.length > 0, PATIENCE_MS);
      const requests = await load.stop();
      const { code, stderr } = await app.stop();
      expect(code).toBe(0);
      expect(readOtlpCounts(stderr, 'Traces')).toEqual({
        created: 2 * requests,
        exported: 2 * requests,
        rejected: 0,
        pending: 0,
        dropped: {},
      });
      expect(sink.spans).toHaveLength(2 * requests);
    });

    test('records that a Collector refuses until the end are counted as lost', async () => {
      await using sink = await startOtlpSink();
      await using refusing = await startCollector([relayTo(sink.url), REFUSING]);
      await using app = await spawn(refusing.urls[transport]);
      using load = startLoad(app);
      await sleep(500);
      const requests = await load.stop();
      const { code, stderr, millis } = await app.stop();
      expect(code).toBe(0);
      expect(millis).toBeLessThan(10_000);
      const lost = { exported: 0, rejected: 0 };
      const spans = readOtlpCounts(stderr, 'Traces');
      expect(spans).toMatchObject({ ...lost, created: 2 * requests });
      expect(spans).toSatisfy(isBalanced);
      const points = readOtlpCounts(stderr, 'Metrics');
      expect(points.created).toBeGreaterThan(0);
      expect(points).toMatchObject(lost);
      expect(points).toSatisfy(isBalanced);
      expect(sink.requests).toEqual([]);
    });
  });
}
