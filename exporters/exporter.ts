import type { ExportResult } from '@opentelemetry/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type {
  IMetricReader,
  MetricProducer,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { ExportFailure } from './otlp/export-failure.ts';
import type { OtlpMetricOptions, OtlpOptions } from './otlp/options.ts';

/** The kinds of telemetry that are exported. */
export type Signal = 'traces' | 'metrics' | 'logs';

/** Records of a batch that the collector rejected although it accepted the batch. */
export interface RejectedRecords {
  readonly count: number;
  /** The reason that the collector gives, sanitized; empty if there is none. */
  readonly message: string;
}

/** The outcome of an export, which exporters pass to the callback of `export()`. */
export interface ExportOutcome extends ExportResult {
  /** The reason for a failure, as data; set by exporters that know it. */
  readonly failure?: ExportFailure;
  /** The records that the collector rejected in a partial success. */
  readonly rejected?: RejectedRecords;
  /** Records that a successful export left out because they cannot be encoded. */
  readonly unencodable?: number;
}

/** Records that are exported together: an array, or a buffer of encoded records. */
export interface Batch<T> {
  readonly length: number;
  /** Adds a record. Returns the new length, or 0 if the record was not added. */
  push(record: T): number;
}

/** An exporter with batches of its own, which its `export()` accepts instead of arrays. */
export interface BatchMaker<T> {
  createBatch?(): Batch<T>;
}

/** An exporter that knows why records are pending. */
export interface ReportsPendingReason {
  /** Returns why records are still pending, as a clause; undefined if none are. */
  pendingReason?(): string | undefined;
}

/** Values of `server.address` and `server.port`. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** One destination for up to three signals. Each file in `exporters/` creates one. */
export interface Exporter {
  /** The kind of the SDK's processor: exports records one by one, or in batches. */
  readonly processor: 'simple' | 'batch';
  /** Milliseconds between two metric exports, unless `OTEL_METRIC_EXPORT_INTERVAL` is set. */
  readonly metricInterval: number;
  /** Returns a human-readable destination: `stdout`, `OTLP http://localhost:4318/v1/traces`. */
  describe(signal: Signal): string;
  /** Returns the value of `otel.component.type`. @default the exporter's name and `_exporter` */
  componentType?(signal: Signal): string;
  /** Returns the server that a signal is sent to, if there is one. */
  server?(signal: Signal): ServerAddress;
  /** Creates the exporter of a signal; null if the signal is not supported. */
  traces(): (SpanExporter & BatchMaker<ReadableSpan> & ReportsPendingReason) | null;
  metrics(): (PushMetricExporter & ReportsPendingReason) | null;
  logs(): (LogRecordExporter & BatchMaker<ReadableLogRecord> & ReportsPendingReason) | null;
  /**
   * Opens a reader that collects metrics on request instead of exporting them periodically.
   * @param producers additional sources of metrics, cumulative
   * @throws Error with a human-readable message if it cannot be opened
   */
  openMetricReader?(producers: MetricProducer[]): Promise<IMetricReader>;
}

/** An exporter that supports at least these signals. */
export type ExporterOf<S extends Signal> = Omit<Exporter, S> & {
  [signal in S]: (
    ...args: Parameters<Exporter[signal]>
  ) => NonNullable<ReturnType<Exporter[signal]>>;
};

/** The settings of the program that exporters depend on. */
export interface ExporterOptions {
  readonly otlp: Readonly<Record<Signal, OtlpOptions>>;
  readonly otlpMetrics: OtlpMetricOptions;
  /** Address and port that Prometheus scrapes. */
  readonly prometheus: {
    readonly host: string;
    readonly port: number;
    /** Host names of requests that are accepted in addition to `host` and loopback names. */
    readonly allowedHosts?: readonly string[] | undefined;
  };
  /** Names of the exporters that each signal goes to. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  /** The viewer in this process. @default none */
  readonly viewer?: ViewerSink | undefined;
}

/** A viewer in this process, which keeps records by reference. */
export interface ViewerSink {
  /** Of its pages: `http://localhost:16686`. */
  readonly url: string;
  addSpans(spans: readonly ReadableSpan[]): unknown;
  addLogs(records: readonly ReadableLogRecord[]): unknown;
  addMetrics(metrics: ResourceMetrics): unknown;
}
