import type { Signal } from '../exporter.ts';
import type { ExporterOptions, OtlpMetricOptions, OtlpOptions, OtlpVariables } from '../options.ts';

/** Options of `createOtlpExporter()`. The defaults are those of the specification. */
export interface OtlpExporterOptions
  extends Partial<Omit<OtlpOptions, 'endpoint' | 'names'>>,
    Partial<OtlpMetricOptions> {
  /**
   * Base URL of the collector. Over HTTP, `/v1/traces`, `/v1/metrics` or `/v1/logs` is appended.
   * @default 'http://localhost:4318', or 'http://localhost:4317' for gRPC
   */
  readonly url?: string;
  /** @default 'http/protobuf' */
  readonly protocol?: OtlpOptions['protocol'];
  /** Headers of every request, such as an API key. @default none */
  readonly headers?: OtlpOptions['headers'];
  /** Milliseconds for one export, retries included. `Infinity` means no limit. @default 10_000 */
  readonly timeoutMillis?: number;
  /** @default 'none' */
  readonly compression?: OtlpOptions['compression'];
  /** Names of these options in messages, such as the flags of a program. @default their own names */
  readonly names?: Partial<OtlpVariables>;
  /** @default 'cumulative' */
  readonly temporality?: OtlpMetricOptions['temporality'];
  /** @default 'explicit_bucket_histogram' */
  readonly histogramAggregation?: OtlpMetricOptions['histogramAggregation'];
}

/** Messages name the options above, since the exporter reads no environment variables. */
const OPTION_NAMES: OtlpVariables = {
  batchSize: 'maxExportBatchSize of the batch processor',
  endpoint: 'url',
  protocol: 'protocol',
  headers: 'headers',
  timeout: 'timeoutMillis',
  certificate: 'certificate',
  clientKey: 'clientKey',
  clientCertificate: 'clientCertificate',
};

const PORTS: Readonly<Record<OtlpOptions['protocol'], number>> = {
  'http/protobuf': 4318,
  'http/json': 4318,
  grpc: 4317,
};

/**
 * Fills in the defaults for all signals.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#configuration-options
 */
export function resolveOptions({
  protocol = 'http/protobuf',
  url = `http://localhost:${PORTS[protocol]}`,
  temporality = 'cumulative',
  histogramAggregation = 'explicit_bucket_histogram',
  names,
  ...options
}: OtlpExporterOptions): Pick<ExporterOptions, 'otlp' | 'otlpMetrics' | 'exporters'> {
  function ofSignal(signal: Signal): OtlpOptions {
    return {
      names: { ...OPTION_NAMES, ...names },
      headers: {},
      timeoutMillis: 10_000,
      compression: 'none',
      certificate: undefined,
      clientKey: undefined,
      clientCertificate: undefined,
      ...options,
      protocol,
      url: protocol === 'grpc' ? url : signalUrl(url, signal),
    };
  }
  return {
    otlp: {
      traces: ofSignal('traces'),
      metrics: ofSignal('metrics'),
      logs: ofSignal('logs'),
    },
    otlpMetrics: { temporality, histogramAggregation },
    exporters: { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] },
  };
}

function signalUrl(base: string, signal: Signal): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`;
  return url.href;
}
