import { beforeAll, describe, expect, test } from 'vitest';
import { relayTo, startCollector } from '../support/collector.ts';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { PROTOCOLS, transportOf } from '../support/protocols.ts';
import { spawnApp } from '../support/spawned-app.ts';
import {
  inOrder,
  logRecord,
  metricRecord,
  readWrittenRecords,
  spanRecord,
} from './written-records.ts';

/** Metrics that change with requests only: of two readers, both see the same. */
const SETTLED = /^(http\.server\.request|db\.client\.operation|task\.)/;

if (collectorIsMissing) {
  const reason = collectorIsMissing;
  test('the app and a real Collector', ({ skip }) => skip(reason));
} else {
  beforeAll(getCollector, COLLECTOR_BUILD_TIMEOUT_MS);

  describe.each(PROTOCOLS)('through a real Collector, over %s', (protocol) => {
    test('each span, metric and log record arrives once, as it was made', async () => {
      await using sink = await startOtlpSink();
      await using collector = await startCollector([relayTo(sink.url)]);
      await using app = await spawnApp({
        args: ['traces', 'metrics', 'logs'].flatMap((signal) => [
          `--${signal}_exporter`,
          'otlp,console',
        ]),
        env: {
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.urls[transportOf(protocol)],
          // Both readers collect once, at the end.
          OTEL_METRIC_EXPORT_INTERVAL: '3600000',
          OTEL_SEMCONV_STABILITY_OPT_IN: 'http/dup,database/dup',
          OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=t%C3%A9st',
        },
      });
      for (let n = 0; n < 20; n += 1) {
        const body = new URLSearchParams({ task: `task ${n}` });
        await fetch(`${app.url}/add`, { method: 'POST', redirect: 'manual', body });
        await fetch(`${app.url}/?n=${n}&token=secret`, {
          headers: { traceparent: `00-${String(n + 1).padStart(32, 'a')}-00f067aa0ba902b7-01` },
        });
        await fetch(`${app.url}/nowhere/${n}`);
      }
      const { code, stdout, stderr } = await app.stop();
      expect(code).toBe(0);
      expect(stderr).not.toContain('Lost on the way');
      await collector.stop();

      expect(sink.problems).toEqual([]);
      expect(sink.requests.flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
      const made = readWrittenRecords(stdout);
      expect(made.spans).toHaveLength(100);
      expect(inOrder(sink.spans.map(spanRecord))).toEqual(made.spans);
      expect(made.logs).toHaveLength(20);
      expect(inOrder(sink.logs.map(logRecord))).toEqual(made.logs);
      const isSettled = ({ name }: { readonly name?: unknown }) => SETTLED.test(String(name));
      const settled = sink.metrics.filter(isSettled);
      expect(settled.length).toBeGreaterThanOrEqual(4);
      expect(inOrder(settled.map(metricRecord))).toEqual(made.metrics.filter(isSettled));
      expect(sink.metrics.map(({ name }) => name).sort()).toEqual(
        made.metrics.map(({ name }) => name).sort(),
      );
    });
  });
}
