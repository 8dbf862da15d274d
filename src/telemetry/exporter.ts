import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

export type Signal = 'traces' | 'metrics' | 'logs';

/** Records on their way together: an array, or what an exporter makes of them as they come. */
export interface Batch<T> {
  readonly length: number;
  /** @returns the new length; 0 when the record cannot be taken, and the batch is as before */
  push(record: T): number;
}

/** Something that an exporter may have: then its `export()` takes these in place of arrays, too. */
export interface BatchMaker<T> {
  createBatch?(): Batch<T>;
}

/** What a file in `exporters/` makes: one destination for up to three signals. */
export interface Exporter {
  /** Whether records go out as they end or are collected into batches first. */
  readonly delivery: 'immediate' | 'batched';
  /** Milliseconds between two metric exports unless `OTEL_METRIC_EXPORT_INTERVAL` says otherwise. */
  readonly metricInterval: number;
  /** Where a signal goes, for a person: `stdout`, `http://localhost:4318/v1/traces`. */
  describe(signal: Signal): string;
  /** null where this exporter has nothing for the signal; the same for the two below. */
  traces(): (SpanExporter & BatchMaker<ReadableSpan>) | null;
  metrics(): PushMetricExporter | null;
  logs(): (LogRecordExporter & BatchMaker<ReadableLogRecord>) | null;
}

/** What a file in `exporters/` exports. Called once, so that its three signals can share state. */
export interface ExporterModule {
  createExporter(): Exporter;
}
