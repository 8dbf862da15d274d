import type { Attributes, HrTime } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type {
  DataPoint,
  IMetricReader,
  MetricProducer,
  PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/** All signals. */
export const SIGNALS = ['traces', 'metrics', 'logs'] as const;

/** A kind of telemetry. */
export type Signal = (typeof SIGNALS)[number];

/** Records of a batch that the collector rejected although it accepted the batch. */
export interface RejectedRecords {
  readonly count: number;
  /** The reason that the collector gives, sanitized; empty if there is none. */
  readonly message: string;
}

/** The reason why an export failed, as data. `describeFailure()` turns it into a message. */
export interface ExportFailure {
  /**
   * - `connection`: no response. `code` and `message` are those of the error.
   * - `timeout`: no complete response within `timeoutMillis`. `status` is set if the response had begun.
   * - `http`: an HTTP response that is not a success of OTLP, with at least `status`.
   * - `grpc`: a gRPC response with a `grpcCode` other than 0.
   * - `oversized-response`: a response that is too long for OTLP.
   * - `unencodable`, `shut-down`, `too-many-exports`: the records were not sent.
   */
  readonly kind:
    | 'connection'
    | 'timeout'
    | 'http'
    | 'grpc'
    | 'oversized-response'
    | 'unencodable'
    | 'shut-down'
    | 'too-many-exports';
  /** Status of the HTTP response. */
  readonly status?: number | undefined;
  /** Status code of gRPC. */
  readonly grpcCode?: number | undefined;
  /** Error code of the system, of TLS or of HTTP: `ECONNREFUSED`. */
  readonly code?: string | undefined;
  /** Message of the server, sanitized, or of the error of a connection. */
  readonly message?: string | undefined;
  /** Content type of the HTTP response, in lower case, without parameters. */
  readonly contentType?: string | undefined;
  /** Target of a redirect: an absolute URL without credentials and query. */
  readonly location?: string | undefined;
  /** The delay that the server requests before a retry. */
  readonly retryAfterMillis?: number | undefined;
  readonly timeoutMillis?: number | undefined;
}

/** A failure as two clauses, without a capital letter and a full stop. Join them with `formatFailure()`. */
export interface FailureDescription {
  /** The finding and its meaning. */
  readonly problem: string;
  /** The remedy. */
  readonly fix: string;
}

/** Returns a description as one clause, for one line of output. */
export function formatFailure({ problem, fix }: FailureDescription): string {
  return `${problem}; ${fix}`;
}

/** The outcome of an export, which exporters pass to the callback of `export()`. */
export interface ExportOutcome extends ExportResult {
  /** The reason for a failure, as data; set by exporters that know it. */
  readonly failure?: ExportFailure;
  /** The failure in words. */
  readonly description?: FailureDescription;
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

/** An exporter with its own type of batch, which its `export()` accepts instead of arrays. */
export interface BatchMaker<T> {
  createBatch?(): Batch<T>;
}

/** An exporter that knows why records are pending. */
export interface ReportsPendingReason {
  /** Returns why records are still pending; undefined if none are. */
  pendingReason?(): FailureDescription | undefined;
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

/** A measurement that was recorded in a span. The shape is the one of the SDK's reservoirs. */
export interface Exemplar {
  readonly timestamp: HrTime;
  readonly value: number;
  /** Attributes of the measurement that the data point does not have. */
  readonly filteredAttributes: Attributes;
  /** 32 hexadecimal digits; undefined outside of a trace. */
  readonly traceId?: string;
  /** 16 hexadecimal digits; undefined outside of a trace. */
  readonly spanId?: string;
}

/** A data point with its exemplars, which the SDK's type does not have. */
export type PointWithExemplars<T = unknown> = DataPoint<T> & {
  readonly exemplars?: readonly Exemplar[];
};
