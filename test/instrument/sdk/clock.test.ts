import { context, type HrTime, metrics, propagation, type Span, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { ExportResultCode } from '@opentelemetry/core';
import { InMemoryLogRecordExporter, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Exporter } from '../../../exporters/exporter.ts';
import { traceHttp, traceSql } from '../../../packages/hono-opentelemetry/src/index.ts';
import {
  startTelemetry,
  type Telemetry,
} from '../../../packages/opentelemetry-instrument/src/index.ts';
import { readClockOffset } from '../../../packages/opentelemetry-instrument/src/sdk/clock/span-clock.ts';
import { readSettings, TEST_RUNTIME } from '../../support/settings.ts';

let running: Telemetry | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await running?.shutdown(1_000);
  for (const api of [context, propagation, trace, metrics, logs]) api.disable();
});

/** Everything that was exported. */
interface Exported {
  readonly spans: ReadableSpan[];
  readonly logs: ReadableLogRecord[];
  metrics(): Promise<MetricData[]>;
}

async function start(isFast: boolean): Promise<Exported> {
  const spans: ReadableSpan[] = [];
  const logExporter = new InMemoryLogRecordExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const exporter: Exporter = {
    processor: 'simple',
    metricInterval: 60_000,
    describe: () => 'memory',
    traces: () =>
      Object.assign(new InMemorySpanExporter(), {
        export(ended: ReadableSpan[], done: (result: { code: ExportResultCode }) => void) {
          spans.push(...ended);
          done({ code: ExportResultCode.SUCCESS });
        },
      }),
    metrics: () => metricExporter,
    logs: () => logExporter,
  };
  const silent = { ...exporter, logs: () => new InMemoryLogRecordExporter() };
  const telemetry = await startTelemetry({
    settings: {
      ...readSettings({ variable: { OTEL_JS_FAST_PATH_ENABLED: `${isFast}` } }),
      exporters: { traces: ['memory'], metrics: ['memory'], logs: ['memory'] },
    },
    runtime: TEST_RUNTIME,
    loadExporter: async (name) => (name === 'memory' ? exporter : silent),
    notify() {},
  });
  running = telemetry;
  return {
    spans,
    logs: logExporter.getFinishedLogRecords(),
    async metrics() {
      await telemetry.shutdown(1_000);
      return metricExporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    },
  };
}

const nanos = ([seconds, nanos]: HrTime) => BigInt(seconds) * 1_000_000_000n + BigInt(nanos);

/** Finds children that start before or end after their parents, and events outside of their spans. */
function outside(spans: readonly ReadableSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  return spans.flatMap((span) => {
    const { name, startTime, endTime, parentSpanContext, events } = span;
    const parent = byId.get(parentSpanContext?.spanId ?? '') ?? span;
    const times = [...events.map(({ time }) => time), startTime, endTime];
    const isWithin =
      times.every((time) => nanos(time) >= nanos(startTime) && nanos(time) <= nanos(endTime)) &&
      nanos(startTime) >= nanos(parent.startTime) &&
      nanos(endTime) <= nanos(parent.endTime);
    return isWithin ? [] : [name];
  });
}

function createApp(work: () => void = () => {}) {
  const client = traceSql({
    system: 'sqlite',
    async query(_sql: string, _params: readonly unknown[]) {
      work();
      return [];
    },
  });
  const app = new Hono();
  app.use(traceHttp());
  app.get('/', async (c) => {
    await trace.getTracer('test').startActiveSpan('inner', async (span) => {
      span.addEvent('before').addEvent('at', performance.now()).addEvent('with', { a: 1 });
      await client.query('SELECT 1', []);
      logs.getLogger('test').emit({ body: 'within' });
      span.recordException(new Error('x'));
      span.end();
    });
    return c.text('ok');
  });
  return app;
}

/** Shifts the wall clock by `offset()` milliseconds from now on. */
function setWallClock(offset: () => number): void {
  const real = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => Math.floor(real() + offset()));
}

describe.each([
  ['with the fast path', true],
  ['with the spans of the SDK', false],
])('times, %s', (_, isFast) => {
  test('the times of children lie within those of their parents, at any fraction of a millisecond', async () => {
    const { spans, logs } = await start(isFast);
    const app = createApp();
    for (let i = 0; i < 500; i++) await app.request('/');
    expect(spans).toHaveLength(1_500);
    expect(outside(spans)).toEqual([]);
    const inner = new Map(spans.map((span) => [span.spanContext().spanId, span]));
    for (const log of logs) {
      const span = inner.get(log.spanContext?.spanId ?? '');
      expect(nanos(log.hrTime)).toBeGreaterThanOrEqual(nanos(span?.startTime ?? [0, 0]));
      expect(nanos(log.hrTime)).toBeLessThanOrEqual(nanos(span?.endTime ?? [0, 0]));
    }
    expect(logs).toHaveLength(500);
  });

  test('have microseconds', async () => {
    const { spans } = await start(isFast);
    const app = createApp();
    for (let i = 0; i < 20; i++) await app.request('/');
    const fractions = spans.map(({ startTime }) => startTime[1] % 1_000_000);
    expect(new Set(fractions).size).toBeGreaterThan(40);
  });

  test('stay in order when the wall clock is set back while a request runs', async () => {
    const { spans, logs, metrics: collect } = await start(isFast);
    let offset = 0;
    setWallClock(() => offset);
    const counter = metrics.getMeter('test').createCounter('test.count');
    counter.add(1);
    const app = createApp(() => {
      offset = -3_600_000;
    });
    await app.request('/');
    offset = -7_200_000;
    expect(spans).toHaveLength(3);
    expect(outside(spans)).toEqual([]);
    const [server] = spans.filter(({ name }) => name === 'GET /');
    expect(nanos(logs[0]?.hrTime ?? [0, 0])).toBeGreaterThan(nanos(server?.startTime ?? [0, 0]));
    expect(nanos(logs[0]?.hrTime ?? [0, 0])).toBeLessThan(nanos(server?.endTime ?? [0, 0]));
    const points = (await collect()).flatMap(({ dataPoints }) => [...dataPoints]);
    expect(points.length).toBeGreaterThan(2);
    for (const { startTime, endTime } of points) {
      expect(nanos(startTime)).toBeLessThanOrEqual(nanos(endTime));
    }
  });

  test('the times of the next request follow the wall clock when it is set', async () => {
    const { spans } = await start(isFast);
    setWallClock(() => 3_600_000);
    const wall = Date.now();
    await createApp().request('/');
    for (const { startTime } of spans) {
      expect(Math.abs(Number(nanos(startTime) / 1_000_000n) - wall)).toBeLessThan(1_000);
    }
  });

  test('times that the caller passes are kept', async () => {
    const { spans, logs: records } = await start(isFast);
    const span: Span = trace.getTracer('test').startSpan('x', { startTime: [1_000, 5] });
    span.addEvent('e', {}, new Date(1_000_100));
    span.end([1_001, 7]);
    logs.getLogger('test').emit({ body: 'x', timestamp: [900, 1] });
    expect(spans[0]).toMatchObject({ startTime: [1_000, 5], endTime: [1_001, 7] });
    expect(spans[0]?.events[0]?.time).toEqual([1_000, 100_000_000]);
    expect(records[0]?.hrTime).toEqual([900, 1]);
  });

  test('readings of performance.now() are times on the clock of the span', async () => {
    const { spans } = await start(isFast);
    const span = trace.getTracer('test').startSpan('x', { startTime: performance.now() });
    span.addEvent('e', performance.now());
    span.end(performance.now());
    expect(outside(spans)).toEqual([]);
    expect(spans[0]?.duration[0]).toBe(0);
  });
});

test('readClockOffset() is within a millisecond of the wall clock', () => {
  for (let i = 0; i < 1_000; i++) {
    const before = Date.now();
    const now = readClockOffset() + performance.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThan(Date.now() + 2);
  }
});
