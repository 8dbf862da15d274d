import type { ExportResult } from '@opentelemetry/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { IMetricReader, MetricProducer, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { OtlpMetricOptions, OtlpOptions } from './otlp/options.ts';

export type Signal = 'traces' | 'metrics' | 'logs';

/**
 * Takes how many records of a batch the other end refused although it took the batch, and why: a
 * partial success. Called right before the export succeeds.
 */
export type OnRejected = (count: number, message: string) => void;

/** The outcome of an export. */
export interface ExportOutcome extends ExportResult {
  /** Records that a successful export left out, because they cannot be encoded. */
  readonly unencodable?: number;
}

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

/** Something that an exporter may have, to be asked when the program ends before its records arrive. */
export interface Obstructed {
  /** Why what it was given is still on its way, as the end of a sentence; undefined when nothing is. */
  obstacle?(): string | undefined;
}

/** Values of `server.address` and `server.port`. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** What a file in `exporters/` makes: one destination for up to three signals. */
export interface Exporter {
  /** Whether records go out as they end, or are collected into batches first: the SDK's two kinds. */
  readonly processor: 'simple' | 'batch';
  /** Milliseconds between two metric exports unless `OTEL_METRIC_EXPORT_INTERVAL` says otherwise. */
  readonly metricInterval: number;
  /** Where a signal goes, for a person: `stdout`, `http://localhost:4318/v1/traces`. */
  describe(signal: Signal): string;
  /** Value of `otel.component.type`. Default: the exporter's name and `_exporter`. */
  componentType?(signal: Signal): string;
  /** The server that a signal is sent to, if there is one. */
  server?(signal: Signal): ServerAddress;
  /** null where this exporter has nothing for the signal; the same for the two below. */
  traces(onRejected?: OnRejected): (SpanExporter & BatchMaker<ReadableSpan> & Obstructed) | null;
  metrics(onRejected?: OnRejected): (PushMetricExporter & Obstructed) | null;
  logs(
    onRejected?: OnRejected,
  ): (LogRecordExporter & BatchMaker<ReadableLogRecord> & Obstructed) | null;
  /**
   * Opens what metrics are fetched from when somebody wants them, in place of being sent. Rejects with a
   * sentence where that cannot be.
   * @param producers of more metrics than the provider's, cumulative
   */
  openMetricReader?(producers: MetricProducer[]): Promise<IMetricReader>;
}

/** What `createExporter()` of a file in `exporters/` may want to know of the program. */
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
}
