import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type {
  IMetricReader,
  MetricProducer,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Exporter, Signal } from 'opentelemetry-instrument-exporters';
import type { Settings } from '../settings/variables.ts';
import { createDelivery, type Delivery } from './export-stats/delivery.ts';
import { type BatchExporter, trackDelivery } from './export-stats/track-delivery.ts';

/** One signal on its way to one exporter. */
export interface Pipeline<SignalExporter> {
  readonly exporter: SignalExporter;
  /** What made `exporter`. */
  readonly source: Exporter;
  readonly delivery: Delivery;
  /** For one export. `Infinity` is no limit. */
  readonly timeoutMillis: number;
}

export interface Pipelines {
  readonly traces: readonly Pipeline<SpanExporter>[];
  readonly metrics: readonly Pipeline<PushMetricExporter>[];
  readonly logs: readonly Pipeline<LogRecordExporter>[];
  /** Where metrics are fetched, whose way nobody counts. */
  readonly metricReaders: readonly IMetricReader[];
  /** Where each signal goes, for a person. */
  readonly destinations: Readonly<Record<Signal, string>>;
  /** All of the pipelines above. */
  readonly deliveries: readonly Delivery[];
}

interface PipelineOptions {
  readonly settings: Settings;
  /** Names of exporters. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  loadExporter(name: string): Promise<Exporter>;
  /** Makes what tells of cumulative metrics besides the provider's. Default: there are none. */
  createProducers?(): MetricProducer[];
  notify(message: string): void;
}

/** Who runs the program reads its log records here, wherever else they go. */
export const DEFAULT_LOG_EXPORTER = 'tree';

/** Loads every exporter that the settings name, once, and counts what each signal delivers to it. */
export async function openPipelines({
  settings,
  exporters: wanted,
  loadExporter,
  createProducers = () => [],
  notify,
}: PipelineOptions): Promise<Pipelines> {
  const loaded = new Map<string, Exporter>();
  const readers = new Map<string, IMetricReader>();
  for (const name of new Set([...Object.values(wanted).flat(), DEFAULT_LOG_EXPORTER])) {
    try {
      const source = await loadExporter(name);
      if (source.openMetricReader && wanted.metrics.includes(name)) {
        readers.set(name, await source.openMetricReader(createProducers()));
      }
      loaded.set(name, source);
    } catch (error) {
      notify(`The exporter ${name} is left out: ${(error as Error).message}`);
    }
  }

  function open<Batch, E extends BatchExporter<Batch>>(
    signal: Signal,
    names: Iterable<string>,
    create: (source: Exporter) => E | null,
    count: (batch: Batch) => number,
  ): Pipeline<E>[] {
    return [...names].flatMap((name) => {
      const source = loaded.get(name);
      if (source === undefined) return [];
      const created = create(source);
      if (created === null) {
        notify(`The exporter ${name} has nothing for ${signal}: they do not go there.`);
        return [];
      }
      const componentType = source.componentType?.(signal);
      const delivery = createDelivery(signal, name, notify, componentType, source.server?.(signal));
      const timeoutMillis = exportTimeout(signal, settings, source);
      const exporter = trackDelivery(created, delivery, count, timeoutMillis);
      return [{ exporter, source, delivery, timeoutMillis }];
    });
  }

  const length = (batch: readonly unknown[]) => batch.length;
  const sent = wanted.metrics.filter((name) => !readers.has(name));
  const logExporters = new Set([...wanted.logs, DEFAULT_LOG_EXPORTER]);
  const traces = open('traces', wanted.traces, (source) => source.traces(), length);
  const metrics = open('metrics', sent, (source) => source.metrics(), countDataPoints);
  const logs = open('logs', logExporters, (source) => source.logs(), length);

  const describe = (signal: Signal, pipelines: readonly Pipeline<unknown>[]) => {
    const reached = new Set(pipelines.map(({ delivery }) => delivery.exporter));
    return (
      wanted[signal]
        .filter((name) => reached.has(name) || (signal === 'metrics' && readers.has(name)))
        .map((name) => loaded.get(name)?.describe(signal))
        .join(', ') || 'nowhere'
    );
  };
  return {
    traces,
    metrics,
    logs,
    metricReaders: [...readers.values()],
    destinations: {
      traces: describe('traces', traces),
      metrics: describe('metrics', metrics),
      logs: describe('logs', logs),
    },
    deliveries: [...traces, ...metrics, ...logs].map(({ delivery }) => delivery),
  };
}

/** Milliseconds between two exports of metrics. */
export function metricInterval(settings: Settings, source: Exporter): number {
  return settings.OTEL_METRIC_EXPORT_INTERVAL ?? source.metricInterval;
}

/** Metrics are given up, too, when the next ones are due. */
function exportTimeout(signal: Signal, settings: Settings, source: Exporter): number {
  if (signal === 'traces') return settings.OTEL_BSP_EXPORT_TIMEOUT;
  if (signal === 'logs') return settings.OTEL_BLRP_EXPORT_TIMEOUT;
  return Math.min(settings.OTEL_METRIC_EXPORT_TIMEOUT, metricInterval(settings, source));
}

function countDataPoints({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
}
