import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type {
  IMetricReader,
  MetricProducer,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Exporter, Signal } from 'opentelemetry-instrument-exporters';
import type { Settings } from '../settings/index.ts';
import {
  type BatchExporter,
  createDelivery,
  createLossReport,
  type Delivery,
  type LossReport,
  trackDelivery,
} from './export-stats/index.ts';

/** The path of one signal to one exporter. */
export interface Pipeline<SignalExporter> {
  readonly exporter: SignalExporter;
  /** The exporter module that created `exporter`. */
  readonly source: Exporter;
  readonly delivery: Delivery;
  /** Timeout of one export; `Infinity` disables it. */
  readonly timeoutMillis: number;
}

/** The pipelines of all signals. */
export interface Pipelines {
  readonly traces: readonly Pipeline<SpanExporter>[];
  readonly metrics: readonly Pipeline<PushMetricExporter>[];
  readonly logs: readonly Pipeline<LogRecordExporter>[];
  /** Pull readers, such as Prometheus. Their exports are not counted. */
  readonly metricReaders: readonly IMetricReader[];
  /** Human-readable destination of each signal. */
  readonly destinations: Readonly<Record<Signal, string>>;
  /** Deliveries of all pipelines. */
  readonly deliveries: readonly Delivery[];
  /** Counts all pending records as dropped at the end of the program, and reports why. */
  abandon(): void;
}

interface PipelineOptions {
  readonly settings: Settings;
  /** Names of the exporters of each signal. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  loadExporter(name: string): Promise<Exporter>;
  /**
   * Creates additional producers of cumulative metrics.
   * @default none
   */
  createProducers?(): MetricProducer[];
  notify(message: string): void;
}

/** Exporter that always receives log records, in addition to the configured ones. */
export const DEFAULT_LOG_EXPORTER = 'tree';

/** Loads each configured exporter once, and creates a pipeline per signal and exporter. */
export async function openPipelines({
  settings,
  exporters: wanted,
  loadExporter,
  createProducers = () => [],
  notify,
}: PipelineOptions): Promise<Pipelines> {
  const loaded = new Map<string, Exporter>();
  const readers = new Map<string, IMetricReader>();
  const reports = new Map<string, LossReport>();
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
        notify(`The exporter ${name} does not support ${signal}.`);
        return [];
      }
      const componentType = source.componentType?.(signal);
      const losses = reports.get(name) ?? createLossReport(name, notify);
      reports.set(name, losses);
      const delivery = createDelivery(signal, losses, componentType, source.server?.(signal));
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
        .join(', ') || 'off'
    );
  };
  const deliveries = [...traces, ...metrics, ...logs].map(({ delivery }) => delivery);
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
    deliveries,
    abandon() {
      for (const losses of reports.values()) {
        const own = deliveries.filter(({ exporter }) => exporter === losses.exporter);
        losses.end(own.flatMap((delivery) => delivery.abandon() ?? []));
      }
    },
  };
}

/** Returns the interval between two exports of metrics, in milliseconds. */
export function metricInterval(settings: Settings, source: Exporter): number {
  return settings.OTEL_METRIC_EXPORT_INTERVAL ?? source.metricInterval;
}

/** Returns the timeout of an export. An export of metrics must end before the next one is due. */
function exportTimeout(signal: Signal, settings: Settings, source: Exporter): number {
  if (signal === 'traces') return settings.OTEL_BSP_EXPORT_TIMEOUT;
  if (signal === 'logs') return settings.OTEL_BLRP_EXPORT_TIMEOUT;
  return Math.min(settings.OTEL_METRIC_EXPORT_TIMEOUT, metricInterval(settings, source));
}

export function countDataPoints({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
}
