import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import type { Exporter, Signal } from '../../src/telemetry/exporter.ts';
import { openPipelines } from '../../src/telemetry/pipelines.ts';
import { settingsOf } from '../support/settings.ts';

/** Opens pipelines for the names that each signal has. */
async function open(exporters: Record<Signal, readonly string[]>) {
  const loaded: string[] = [];
  const told: string[] = [];
  const pipelines = await openPipelines({
    settings: settingsOf(),
    exporters,
    async loadExporter(name): Promise<Exporter> {
      loaded.push(name);
      return {
        delivery: 'immediate',
        metricInterval: 60_000,
        describe: (signal) => `${name} for ${signal}`,
        traces: () => new InMemorySpanExporter(),
        metrics: () =>
          name === 'tree' ? null : new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
        logs: () => new InMemoryLogRecordExporter(),
      };
    },
    tell: (sentence) => told.push(sentence),
  });
  const names = (signal: Signal) => pipelines[signal].map(({ delivery }) => delivery.exporter);
  return {
    loaded,
    told,
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

test('openPipelines() says where each signal goes', async () => {
  const { pipelines } = await open({ traces: ['console', 'otlp'], metrics: [], logs: ['otlp'] });
  expect(pipelines.destinations).toEqual({
    traces: 'console for traces, otlp for traces',
    metrics: 'nowhere',
    logs: 'otlp for logs',
  });
});

test('openPipelines() says which exporter has nothing for a signal', async () => {
  const { told, names, pipelines } = await open({ traces: [], metrics: ['tree'], logs: [] });
  expect(told).toEqual(['The exporter tree has nothing for metrics: they do not go there.']);
  expect(names.metrics).toEqual([]);
  expect(pipelines.destinations.metrics).toBe('nowhere');
});
