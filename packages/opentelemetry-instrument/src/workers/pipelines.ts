import { TraceFlags } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Signal } from 'opentelemetry-instrument-exporters';
import { createFetchExporter } from 'opentelemetry-instrument-exporters/otlp/fetch';
import type { ReceivedSpanProcessor } from '../intake/replay-spans.ts';
import {
  type BatchExporter,
  createDelivery,
  type Delivery,
  trackDelivery,
} from '../sdk/export-stats/index.ts';
import { batchOptions } from '../sdk/limits.ts';
import { countDataPoints } from '../sdk/pipelines.ts';
import { exporterOptions, type ProgramSettings } from '../settings/index.ts';
import { createWorkerLossReport } from './loss-report.ts';
import { createMetricExport, type MetricExport } from './metric-export.ts';
import { createRecordQueue, type RecordQueue } from './record-queue.ts';

/** The way of all signals to the collector. */
export interface WorkerPipelines {
  /** Undefined for signals that are not exported, like those below. */
  readonly spans: (SpanProcessor & ReceivedSpanProcessor) | undefined;
  readonly logs: LogRecordProcessor | undefined;
  readonly metrics: MetricExport | undefined;
  readonly deliveries: readonly Delivery[];
  /** Human-readable destination of each signal. */
  readonly destinations: Readonly<Record<Signal, string>>;
  /** Exports queued spans and log records. Never rejects. */
  flush(): Promise<void>;
}

/** Share of the queue that spans of browsers may fill, as on other runtimes. */
const RECEIVED_SHARE = 0.5;

/** Creates the pipelines of an isolate. Does not connect. */
export function createPipelines(
  read: Pick<ProgramSettings, 'settings' | 'exporters' | 'otlp'>,
  notify: (message: string) => void,
): WorkerPipelines {
  const { settings, exporters } = read;
  const otlp = createFetchExporter(exporterOptions(read));
  const losses = createWorkerLossReport('otlp', notify);
  const deliveries: Delivery[] = [];
  const queues: RecordQueue<never>[] = [];

  function track<Batch, E extends BatchExporter<Batch>>(
    signal: Signal,
    exporter: E | null,
    count: (batch: Batch) => number,
    timeoutMillis: number,
  ): { readonly exporter: E; readonly delivery: Delivery } | undefined {
    if (exporter === null || !exporters[signal].includes('otlp')) return undefined;
    const type = otlp.componentType?.(signal);
    const delivery = createDelivery(signal, losses, type, otlp.server?.(signal));
    deliveries.push(delivery);
    return { exporter: trackDelivery(exporter, delivery, count, timeoutMillis), delivery };
  }
  const length = (batch: readonly unknown[]) => batch.length;

  const spanTimeout = settings.OTEL_BSP_EXPORT_TIMEOUT;
  const traces = track('traces', otlp.traces(), length, spanTimeout);
  const spanQueue =
    traces &&
    createRecordQueue<ReadableSpan>(traces.exporter, traces.delivery, {
      ...batchOptions('BSP', settings),
      timeoutMillis: spanTimeout,
    });
  const logTimeout = settings.OTEL_BLRP_EXPORT_TIMEOUT;
  const logs = track('logs', otlp.logs(), length, logTimeout);
  const logQueue =
    logs &&
    createRecordQueue<ReadableLogRecord>(logs.exporter, logs.delivery, {
      ...batchOptions('BLRP', settings),
      timeoutMillis: logTimeout,
    });
  const metrics = track<ResourceMetrics, NonNullable<ReturnType<typeof otlp.metrics>>>(
    'metrics',
    otlp.metrics(),
    countDataPoints,
    settings.OTEL_METRIC_EXPORT_TIMEOUT,
  );
  for (const queue of [spanQueue, logQueue]) if (queue) queues.push(queue);
  const flush = async () => {
    await Promise.all(queues.map((queue) => queue.flush()));
  };

  return {
    spans: spanQueue && {
      onStart() {},
      onEnd(span) {
        if (span.spanContext().traceFlags & TraceFlags.SAMPLED) spanQueue.add(span);
      },
      onReceived: (span) => spanQueue.add(span, RECEIVED_SHARE),
      forceFlush: () => spanQueue.flush(),
      shutdown: () => spanQueue.flush(),
    },
    logs: logQueue && {
      onEmit: (record) => logQueue.add(record),
      forceFlush: () => logQueue.flush(),
      shutdown: () => logQueue.flush(),
    },
    metrics:
      metrics &&
      createMetricExport(metrics.exporter, {
        intervalMillis: settings.OTEL_METRIC_EXPORT_INTERVAL ?? otlp.metricInterval,
        exportsWhenIdle: settings.OTEL_METRIC_EXPORT_INTERVAL === undefined,
      }),
    deliveries,
    destinations: {
      traces: traces ? otlp.describe('traces') : 'off',
      metrics: metrics ? otlp.describe('metrics') : 'off',
      logs: logs ? `the console, ${otlp.describe('logs')}` : 'the console',
    },
    flush,
  };
}
