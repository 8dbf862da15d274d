import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { MetricStore } from './metric-store.ts';
import type { TraceStore } from './trace-store.ts';

/** Takes the records of a receiver. */
export interface TelemetrySink {
  /** @returns how many are refused */
  addSpans(spans: readonly ReadableSpan[]): number;
  addLogs(records: readonly ReadableLogRecord[]): void;
  addMetrics(metrics: ResourceMetrics): void;
}

/** Creates a sink that keeps all records in stores, and passes them to another sink if there is one. */
export function createStoreSink(
  store: TraceStore,
  metrics: MetricStore,
  next?: TelemetrySink,
): TelemetrySink {
  return {
    addSpans(spans) {
      next?.addSpans(spans);
      return store.addSpans(spans);
    },
    addLogs(records) {
      next?.addLogs(records);
      store.addLogs(records);
    },
    addMetrics(data) {
      next?.addMetrics(data);
      metrics.addMetrics(data);
    },
  };
}
