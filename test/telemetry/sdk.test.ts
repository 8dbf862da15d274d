import { context, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { ExportResultCode } from '@opentelemetry/core';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, test } from 'vitest';
import type { Exporter } from '../../src/telemetry/exporter.ts';
import { startTelemetry } from '../../src/telemetry/index.ts';

const told: string[] = [];
afterEach(() => {
  told.length = 0;
  for (const api of [diag, context, propagation, trace]) api.disable();
  metrics.disable();
  logs.disable();
});

const nothing: Exporter = {
  delivery: 'immediate',
  metricInterval: 60_000,
  describe: () => 'memory',
  traces: () => null,
  metrics: () => null,
  logs: () => new InMemoryLogRecordExporter(),
};

/** Telemetry whose traces go to `exporter`. */
function start(exporter: Partial<Exporter>) {
  return startTelemetry({
    settings: {
      disabled: false,
      exporters: { traces: ['memory'], metrics: [], logs: [] },
      metricInterval: undefined,
      warnings: [],
      errors: [],
    },
    isLeftToRuntime: false,
    version: '1.0.0',
    runtime: { name: 'test', version: '1' },
    loadExporter: async (name) => (name === 'memory' ? { ...nothing, ...exporter } : nothing),
    tell: (sentence) => told.push(sentence),
  });
}

test('shutdown() ends the spans that are open, children before their parents', async () => {
  const ended: ReadableSpan[] = [];
  const memory = new InMemorySpanExporter();
  const exporter = {
    ...memory,
    export(spans: ReadableSpan[], done: (result: { code: ExportResultCode }) => void) {
      ended.push(...spans);
      done({ code: ExportResultCode.SUCCESS });
    },
    shutdown: async () => {},
  };
  const telemetry = await start({ traces: () => exporter as never });
  const tracer = trace.getTracer('test');
  tracer.startActiveSpan('parent', () => tracer.startSpan('child'));
  expect(await telemetry.shutdown(1_000)).toEqual([]);
  expect(ended.map(({ name }) => name)).toEqual(['child', 'parent']);
});

test.each(['immediate', 'batched'] as const)(
  'shutdown() is bounded when an exporter hangs (%s), and says what was lost',
  async (delivery) => {
    const hanging = { export() {}, shutdown: () => new Promise<void>(() => {}) };
    const telemetry = await start({ delivery, traces: () => hanging });
    trace.getTracer('test').startSpan('a').end();
    trace.getTracer('test').startSpan('b').end();
    expect(await telemetry.shutdown(200)).toEqual([
      'Lost on the way to memory: of 2 spans made, 0 were delivered, 0 rejected by the other end, 2 dropped.',
    ]);
  },
);

test('an exporter that throws is told once and breaks nothing', async () => {
  const broken = {
    export() {
      throw new Error('broken');
    },
    shutdown: async () => {},
  };
  const telemetry = await start({ traces: () => broken });
  for (let i = 0; i < 3; i++) trace.getTracer('test').startSpan('a').end();
  await telemetry.shutdown(1_000);
  expect(told).toEqual(['Exporting traces to memory fails: broken.']);
});

test('an SDK that was registered before is noticed in one sentence', async () => {
  trace.setGlobalTracerProvider({ getTracer: (name) => trace.getTracer(name) });
  const telemetry = await start({ traces: () => new InMemorySpanExporter() });
  expect(told).toEqual([expect.stringMatching(/^Another OpenTelemetry SDK is registered already/)]);
  await telemetry.shutdown(1_000);
});

test('a signal that an exporter has nothing for is told', async () => {
  const telemetry = await start({ traces: () => null });
  expect(told).toEqual(['The exporter memory has nothing for traces: they do not go there.']);
  await telemetry.shutdown(1_000);
});
