import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Signal } from './exporter.ts';
import type { TreeOptions } from './tree.ts';

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
  /** The look of the tree. */
  readonly tree?: Pick<TreeOptions, 'showPages' | 'slowMillis'>;
  /** Names of the exporters that each signal goes to. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  /** The viewer in this process. @default none */
  readonly viewer?: ViewerSink | undefined;
  /** Start of the URL of a trace, to which its ID is appended. @default the viewer's; without a viewer, none */
  readonly traceUrl?: string | undefined;
}

/** Encoding and transport: OTLP as protobuf or JSON over HTTP, or over gRPC. */
export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc';

/** Destination and transport of one signal. */
export interface OtlpOptions {
  /** The exact URL of the signal. For gRPC, only scheme, host and port are used. */
  readonly url: string;
  readonly protocol: OtlpProtocol;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one export, retries included. `Infinity` means no limit. */
  readonly timeoutMillis: number;
  /** Attempts for one export. @default no limit within `timeoutMillis` */
  readonly maxAttempts?: number | undefined;
  readonly compression: 'none' | 'gzip';
  /** Path of a PEM file with the certificates to trust. */
  readonly certificate: string | undefined;
  /** Path of a PEM file with the client's private key. */
  readonly clientKey: string | undefined;
  /** Path of a PEM file with the client's certificate. */
  readonly clientCertificate: string | undefined;
  /** The setting that `url` comes from, named in messages. */
  readonly endpoint?: { readonly variable: string } | undefined;
  /** The names of the settings in messages. @default the environment variables */
  readonly names?: OtlpVariables | undefined;
}

/** Aggregation of metrics for OTLP. */
export interface OtlpMetricOptions {
  readonly temporality: 'cumulative' | 'delta' | 'lowmemory';
  readonly histogramAggregation: 'explicit_bucket_histogram' | 'base2_exponential_bucket_histogram';
}

/** Names of the settings that configure the export of one signal: variables, flags or options. */
export interface OtlpVariables {
  /** The setting that turns a signal off; undefined if none does. */
  readonly exporter?: string | undefined;
  /** The size of a batch; undefined for metrics. */
  readonly batchSize?: string | undefined;
  readonly endpoint: string;
  readonly protocol: string;
  readonly headers: string;
  readonly timeout: string;
  readonly certificate: string;
  readonly clientKey: string;
  readonly clientCertificate: string;
}

/**
 * Returns the names of the settings to change: a signal's own variable if it is set, else the variable
 * for all signals.
 * @param display returns a variable as the user wrote it, such as its flag
 */
export function findOtlpVariables(
  signal: Signal,
  isSet: (name: string) => boolean,
  display: (name: string) => string = (name) => name,
): OtlpVariables {
  function otlp(setting: string): string {
    const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${setting}`;
    return display(isSet(own) ? own : `OTEL_EXPORTER_OTLP_${setting}`);
  }
  const processor = { traces: 'BSP', metrics: undefined, logs: 'BLRP' }[signal];
  return {
    exporter: display(`OTEL_${signal.toUpperCase()}_EXPORTER`),
    ...(processor && { batchSize: display(`OTEL_${processor}_MAX_EXPORT_BATCH_SIZE`) }),
    endpoint: otlp('ENDPOINT'),
    protocol: otlp('PROTOCOL'),
    headers: otlp('HEADERS'),
    timeout: otlp('TIMEOUT'),
    certificate: otlp('CERTIFICATE'),
    clientKey: otlp('CLIENT_KEY'),
    clientCertificate: otlp('CLIENT_CERTIFICATE'),
  };
}

/** A viewer in this process, which keeps records by reference. */
export interface ViewerSink {
  /** URL of its pages: `http://localhost:16686`. */
  readonly url: string;
  addSpans(spans: readonly ReadableSpan[]): unknown;
  addLogs(records: readonly ReadableLogRecord[]): unknown;
  addMetrics(metrics: ResourceMetrics): unknown;
}
