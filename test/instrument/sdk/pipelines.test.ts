import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import type { Exporter, Signal } from '../../../exporters/exporter.ts';
import { openPipelines } from '../../../packages/opentelemetry-instrument/src/sdk/pipelines.ts';
import { settingsOf } from '../../support/settings.ts';

/** Opens pipelines for the names that each signal has. */
async function open(
  exporters: Record<Signal, readonly string[]>,
  variables: Readonly<Record<string, string>> = {},
  special: Readonly<Record<string, Partial<Exporter>>> = {},
) {
  const loaded: string[] = [];
  const messages: string[] = [];
  const pipelines = await openPipelines({
    settings: settingsOf(variables),
    exporters,
    async loadExporter(name): Promise<Exporter> {
      loaded.push(name);
      return {
        processor: 'simple',
        metricInterval: 60_000,
        describe: (signal) => `${name} for ${signal}`,
        traces: () => new InMemorySpanExporter(),
        metrics: () =>
          name === 'tree' ? null : new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
        logs: () => new InMemoryLogRecordExporter(),
        ...special[name],
      };
    },
    notify: (sentence) => messages.push(sentence),
  });
  const names = (signal: Signal) => pipelines[signal].map(({ delivery }) => delivery.exporter);
  return {
    loaded,
    messages,
    pipelines,
    names: { traces: names('traces'), metrics: names('metrics'), logs: names('logs') },
  };
}

test('openPipelines() loads each exporter once, whichever signals go there', async () => {
  const { loaded, names } = await open({
    traces: ['console', 'otlp'],
    metrics: ['otlp'],
    logs: ['otlp'],
  });
  expect(loaded.sort()).toEqual(['console', 'otlp', 'tree']);
  expect(names).toEqual({
    traces: ['console', 'otlp'],
    metrics: ['otlp'],
    logs: ['otlp', 'tree'],
  });
});

test('openPipelines() shows log records to a person even when they go nowhere else, once', async () => {
  expect((await open({ traces: [], metrics: [], logs: [] })).names.logs).toEqual(['tree']);
  expect((await open({ traces: [], metrics: [], logs: ['tree'] })).names.logs).toEqual(['tree']);
});

test('openPipelines() describes the destination of each signal', async () => {
  const { pipelines } = await open({ traces: ['console', 'otlp'], metrics: [], logs: ['otlp'] });
  expect(pipelines.destinations).toEqual({
    traces: 'console for traces, otlp for traces',
    metrics: 'off',
    logs: 'otlp for logs',
  });
});

test('openPipelines() reports an exporter that does not support a signal', async () => {
  const { messages, names, pipelines } = await open({ traces: [], metrics: ['tree'], logs: [] });
  expect(messages).toEqual(['The exporter tree does not support metrics.']);
  expect(names.metrics).toEqual([]);
  expect(pipelines.destinations.metrics).toBe('off');
});

test.each<[Record<string, string>, traces: number, metrics: number, logs: number]>([
  [{}, 30_000, 30_000, 30_000],
  [{ OTEL_METRIC_EXPORT_INTERVAL: '5000' }, 30_000, 5_000, 30_000],
  [{ OTEL_METRIC_EXPORT_TIMEOUT: '90000' }, 30_000, 60_000, 30_000],
  [{ OTEL_METRIC_EXPORT_TIMEOUT: '2000', OTEL_BSP_EXPORT_TIMEOUT: '7' }, 7, 2_000, 30_000],
  [{ OTEL_BLRP_EXPORT_TIMEOUT: '0' }, 30_000, 30_000, Number.POSITIVE_INFINITY],
])(
  'the variables %j give an export of traces %i ms, of metrics %i, of logs %i',
  async (variables, ...limits) => {
    const all = { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] };
    const { pipelines } = await open(all, variables);
    const limitOf = (signal: Signal) => pipelines[signal][0]?.timeoutMillis;
    expect([limitOf('traces'), limitOf('metrics'), limitOf('logs')]).toEqual(limits);
  },
);

describe('metrics that are fetched', () => {
  const fetched = { traces: [], metrics: ['otlp', 'prometheus'], logs: [] };

  test('are opened, and not exported', async () => {
    const reader = new PeriodicExportingMetricReader({
      exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    });
    const { names, pipelines } = await open(
      fetched,
      {},
      { prometheus: { openMetricReader: async () => reader } },
    );
    expect(pipelines.metricReaders).toEqual([reader]);
    expect(names.metrics).toEqual(['otlp']);
    expect(pipelines.destinations.metrics).toBe('otlp for metrics, prometheus for metrics');
    await reader.shutdown();
  });

  test('are left out with a sentence where they cannot be opened', async () => {
    const openMetricReader = () => Promise.reject(new Error('the port is taken.'));
    const { messages, names, pipelines } = await open(
      fetched,
      {},
      { prometheus: { openMetricReader } },
    );
    expect(messages).toEqual(['The exporter prometheus is left out: the port is taken.']);
    expect(names.metrics).toEqual(['otlp']);
    expect(pipelines.metricReaders).toEqual([]);
    expect(pipelines.destinations.metrics).toBe('otlp for metrics');
  });
});
