import { expect, test } from 'vitest';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { spawnApp } from '../../support/spawned-app.ts';

test.each(['true', 'false'])(
  'spans lie within their parents and log records within their spans, fast path %s',
  async (fastPath) => {
    await using sink = await startOtlpSink();
    await using app = await spawnApp({
      args: ['--otlp'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_JS_FAST_PATH_ENABLED: fastPath,
        RATE_LIMIT: '0',
      },
    });
    const startedAt = BigInt(Date.now() - 60_000) * 1_000_000n;
    for (let i = 0; i < 100; i++) {
      const add = fetch(`${app.url}/api/tasks`, {
        method: 'POST',
        body: JSON.stringify({ title: 'milk' }),
        headers: { 'content-type': 'application/json' },
      });
      const responses = await Promise.all([add, fetch(`${app.url}/api/tasks`)]);
      for (const response of responses) await response.arrayBuffer();
    }
    expect((await app.stop()).code).toBe(0);

    const byId = new Map(sink.spans.map((span) => [span.spanId, span]));
    const children = sink.spans.filter(({ parentSpanId }) => byId.has(parentSpanId));
    expect(children.length).toBeGreaterThanOrEqual(200);
    const outside = children.filter(({ parentSpanId, startTime, endTime }) => {
      const parent = byId.get(parentSpanId);
      return parent && (startTime < parent.startTime || endTime > parent.endTime);
    });
    expect(outside).toEqual([]);

    const logs = sink.logs.filter(({ spanId }) => byId.has(spanId));
    expect(logs.length).toBeGreaterThanOrEqual(100);
    for (const { spanId, time } of logs) {
      const span = byId.get(spanId);
      expect(time).toBeGreaterThanOrEqual(span?.startTime ?? 0n);
      expect(time).toBeLessThanOrEqual(span?.endTime ?? 0n);
    }
    expect(new Set(sink.spans.map(({ startTime }) => startTime % 1_000_000n)).size).toBeGreaterThan(
      50,
    );

    for (const { points } of sink.metrics) {
      for (const { startTime, time } of points) {
        expect(startTime).toBeLessThanOrEqual(time);
        if (startTime > 0n) expect(startTime).toBeGreaterThan(startedAt);
      }
    }
  },
);
