import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type {
  IMetricReader,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Settings } from '../settings.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Exporter, OnRejected, Signal } from './exporter.ts';
import { trackDelivery } from './track-delivery.ts';

/** One signal on its way to one exporter. */
export interface Pipeline<SignalExporter> {
  readonly exporter: SignalExporter;
  /** What made `exporter`. */
  readonly source: Exporter;
  readonly delivery: Delivery;
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
  tell(sentence: string): void;
}

/** Who runs the program reads its log records here, wherever else they go. */
export const FOR_PEOPLE = 'tree';

/** Loads every exporter that the settings name, once, and counts what each signal delivers to it. */
export async function openPipelines({
  settings,
  exporters: wanted,
  loadExporter,
  tell,
}: PipelineOptions): Promise<Pipelines> {
  const loaded = new Map<string, Exporter>();
  for (const name of new Set([...Object.values(wanted).flat(), FOR_PEOPLE])) {
    try {
      loaded.set(name, await loadExporter(name));
    } catch (error) {
      tell(`The exporter ${name} is left out: ${(error as Error).message}`);
    }
  }

  function open<SignalExporter>(
    signal: Signal,
    names: Iterable<string>,
    take: (source: Exporter, onRejected: OnRejected) => SignalExporter | null,
  ): Pipeline<SignalExporter>[] {
    return [...names].flatMap((name) => {
      const source = loaded.get(name);
      if (source === undefined) return [];
      const delivery = createDelivery(signal, name, tell);
      const exporter = take(source, delivery.reject);
      if (exporter) return [{ exporter, source, delivery }];
      tell(`The exporter ${name} has nothing for ${signal}: they do not go there.`);
      return [];
    });
  }

  const isFetched = (name: string) => loaded.get(name)?.metricReader !== undefined;
  const fetched = wanted.metrics.filter(isFetched);
  const sent = wanted.metrics.filter((name) => !isFetched(name));
  const traces = open('traces', wanted.traces, (source, ...rest) => source.traces(...rest));
  const metrics = open('metrics', sent, (source, ...rest) => source.metrics(...rest));
  const people = new Set([...wanted.logs, FOR_PEOPLE]);
  const logs = open('logs', people, (source, ...rest) => source.logs(...rest));

  const length = (batch: readonly unknown[]) => batch.length;
  for (const { exporter, delivery } of traces) {
    trackDelivery(exporter, delivery, length, settings.OTEL_BSP_EXPORT_TIMEOUT);
  }
  for (const { exporter, delivery } of logs) {
    trackDelivery(exporter, delivery, length, settings.OTEL_BLRP_EXPORT_TIMEOUT);
  }
  for (const { exporter, delivery } of metrics) {
    trackDelivery(exporter, delivery, countDataPoints, settings.OTEL_METRIC_EXPORT_TIMEOUT);
  }

  const describe = (signal: Signal, pipelines: readonly Pipeline<unknown>[]) => {
    const reached = new Set(pipelines.map(({ delivery }) => delivery.exporter));
    return (
      wanted[signal]
        .filter((name) => reached.has(name) || (signal === 'metrics' && isFetched(name)))
        .map((name) => loaded.get(name)?.describe(signal))
        .join(', ') || 'nowhere'
    );
  };
  return {
    traces,
    metrics,
    logs,
    metricReaders: fetched.flatMap((name) => loaded.get(name)?.metricReader ?? []),
    destinations: {
      traces: describe('traces', traces),
      metrics: describe('metrics', metrics),
      logs: describe('logs', logs),
    },
    deliveries: [...traces, ...metrics, ...logs].map(({ delivery }) => delivery),
  };
}

function countDataPoints({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
}
