import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { IMetricReader, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { OtlpSettings, Settings } from '../settings.ts';

export type Signal = 'traces' | 'metrics' | 'logs';

/**
 * Takes how many records of a batch the other end refused although it took the batch, and why: a
 * partial success. Called right before the export succeeds.
 */
export type OnRejected = (count: number, message: string) => void;

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
  traces(onRejected?: OnRejected): (SpanExporter & BatchMaker<ReadableSpan>) | null;
  metrics(onRejected?: OnRejected): PushMetricExporter | null;
  logs(onRejected?: OnRejected): (LogRecordExporter & BatchMaker<ReadableLogRecord>) | null;
  /** Metrics that are fetched from here when somebody wants them, in place of being sent. */
  readonly metricReader?: IMetricReader;
}

/** What `createExporter()` of a file in `exporters/` may want to know of the program. */
export interface ExporterOptions {
  readonly settings: Settings;
  readonly otlp: Readonly<Record<Signal, OtlpSettings>>;
  /** Names of the exporters that each signal goes to. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
}
