import process from 'node:process';
import { context, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { ExportResultCode } from '@opentelemetry/core';
import { InMemoryLogRecordExporter, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, test } from 'vitest';
import type { Exporter } from '../../../exporters/exporter.ts';
import { startTelemetry } from '../../../packages/opentelemetry-instrument/src/start-telemetry.ts';
import { readSettings, TEST_RUNTIME } from '../../support/settings.ts';

const messages: string[] = [];
afterEach(() => {
  messages.length = 0;
  for (const api of [diag, context, propagation, trace]) api.disable();
  metrics.disable();
  logs.disable();
});

const nothing: Exporter = {
  processor: 'simple',
  metricInterval: 60_000,
  describe: () => 'memory',
  traces: () => null,
  metrics: () => null,
  logs: () => new InMemoryLogRecordExporter(),
};

/** Starts telemetry that sends traces to `exporter`. */
function start(exporter: Partial<Exporter>, tree = nothing) {
  return startTelemetry({
    settings: {
      ...readSettings({}),
      exporters: { traces: ['memory'], metrics: [], logs: [] },
    },
    runtime: TEST_RUNTIME,
    loadExporter: async (name) => (name === 'memory' ? { ...nothing, ...exporter } : tree),
    notify: (message) => messages.push(message),
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
  await telemetry.shutdown(1_000);
  expect(ended.map(({ name }) => name)).toEqual(['child', 'parent']);
});

test.each(['simple', 'batch'] as const)(
  'shutdown() is bounded when an exporter hangs (%s), and counts lost records',
  async (processor) => {
    const hanging = { export() {}, shutdown: () => new Promise<void>(() => {}) };
    const telemetry = await start({ processor, traces: () => hanging });
    trace.getTracer('test').startSpan('a').end();
    trace.getTracer('test').startSpan('b').end();
    await telemetry.shutdown(200);
    expect(telemetry.describe()).toContain(
      'Traces to memory: 2 spans created, 0 exported, 2 dropped (the program ended before).',
    );
  },
);

test('an exporter that throws is reported once and breaks nothing', async () => {
  const broken = {
    export() {
      throw new Error('broken');
    },
    shutdown: async () => {},
  };
  const telemetry = await start({ traces: () => broken });
  for (let i = 0; i < 3; i++) trace.getTracer('test').startSpan('a').end();
  await telemetry.shutdown(1_000);
  expect(messages).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d Traces to memory: 1 span dropped; broken$/),
  ]);
  expect(telemetry.describe()).toContain(
    'Traces to memory: 3 spans created, 0 exported, 3 dropped (the export failed).',
  );
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
])('shutdown() resolves when that of an exporter %s', async (_, shutdown) => {
  const memory = new InMemorySpanExporter();
  memory.shutdown = shutdown;
  const telemetry = await start({ traces: () => memory });
  await expect(telemetry.shutdown(1_000)).resolves.toBeUndefined();
});

describe('an SDK that was registered before', () => {
  test.each<[string, () => void]>([
    ['tracer', () => trace.setGlobalTracerProvider(new BasicTracerProvider())],
    ['meter', () => metrics.setGlobalMeterProvider(new MeterProvider())],
    ['logger', () => logs.setGlobalLoggerProvider(new LoggerProvider())],
  ])(
    'is noticed in one sentence by its %s provider, and ours does nothing',
    async (_, register) => {
      const memory = new InMemorySpanExporter();
      const lines = new InMemoryLogRecordExporter();
      // Like loadExporter(), each load returns another exporter.
      lines.shutdown = async () => {};
      register();
      const telemetry = await start({ traces: () => memory }, { ...nothing, logs: () => lines });
      expect(messages).toEqual([
        'Another OpenTelemetry SDK is registered in this process: it stays, ours is off.',
      ]);
      expect(telemetry.destinations.traces).toBe('the SDK that was registered before');
      trace.getTracer('test').startSpan('a').end();
      expect(memory.getFinishedSpans()).toEqual([]);
      await telemetry.shutdown(1_000);
      // Log records are still read by a person, unless the other SDK takes them.
      logs.getLogger('test').emit({ body: 'task added' });
      const shown = telemetry.destinations.logs === 'stderr' ? 1 : 0;
      expect(lines.getFinishedLogRecords()).toHaveLength(shown);
    },
  );
});

test('shutdown() removes all listeners', async () => {
  const before = process.listenerCount('beforeExit');
  const telemetry = await start({});
  expect(process.listenerCount('beforeExit')).toBe(before + 1);
  await telemetry.shutdown(1_000);
  expect(process.listenerCount('beforeExit')).toBe(before);
});

test('a signal that an exporter does not support is reported', async () => {
  const telemetry = await start({ traces: () => null });
  expect(messages).toEqual(['The exporter memory does not support traces.']);
  await telemetry.shutdown(1_000);
});
