import type { Exporter, ExporterOf, ExporterOptions, Signal } from './exporter.ts';
import { selectMetrics } from './otlp/aggregation-selectors.ts';
import { componentType } from './otlp/component-type.ts';
import {
  createLogBatch,
  createSpanBatch,
  type EncodedRequest,
  encodeLogs,
  encodeSpans,
} from './otlp/encode/record-batch.ts';
import { encodeMetrics } from './otlp/encode/write-metrics.ts';
import { describeEndpoint, serverOf } from './otlp/endpoint.ts';
import { type OtlpExporterOptions, resolveOptions } from './otlp/exporter-options.ts';
import { loadTransport } from './otlp/load-transport.ts';
import { createSignalExporter, type SignalExporter } from './otlp/signal-exporter.ts';
import type { OpenTransport } from './otlp/transport.ts';

export { describeFailure } from './otlp/describe-failure.ts';
export { assignEndpoint, findOtlpVariables } from './otlp/variable-names.ts';
export type { OtlpExporterOptions };
export { loadTransport };

/**
 * Creates an exporter that sends each signal over OTLP, as protobuf or JSON over HTTP, or over gRPC.
 *
 * Reads no environment variables.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/
 * @example
 * ```ts
 * import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
 * import { createOtlpExporter } from 'opentelemetry-instrument-exporters/otlp';
 *
 * const otlp = await createOtlpExporter({ url: 'http://localhost:4317', protocol: 'grpc' });
 * const spans = new BatchSpanProcessor(otlp.traces());
 * const provider = new BasicTracerProvider({ spanProcessors: [spans] });
 * ```
 */
export async function createOtlpExporter(
  options: OtlpExporterOptions = {},
): Promise<ExporterOf<Signal>> {
  return (await loadOtlpExporter(resolveOptions(options))) as ExporterOf<Signal>;
}

/**
 * Creates the exporter that settings ask for. Its methods return null for signals that do not use it.
 *
 * Only the transports in use are loaded, at start, so that no request waits for them. Each record is
 * encoded when it arrives: encoding a batch at once would delay requests.
 */
export async function loadOtlpExporter({
  otlp,
  otlpMetrics,
  exporters,
}: Pick<ExporterOptions, 'otlp' | 'otlpMetrics' | 'exporters'>): Promise<Exporter> {
  const transports = new Map<Signal, OpenTransport>();
  for (const signal of ['traces', 'metrics', 'logs'] as const) {
    if (!exporters[signal].includes('otlp')) continue;
    transports.set(signal, await loadTransport(otlp[signal].protocol));
  }

  function create<Records>(
    signal: Signal,
    encode: (records: Records) => EncodedRequest,
  ): SignalExporter<Records> | null {
    const openTransport = transports.get(signal);
    if (openTransport === undefined) return null;
    return createSignalExporter(signal, otlp[signal], openTransport, encode);
  }

  return {
    processor: 'batch',
    metricInterval: 60_000,
    describe: (signal) => describeEndpoint(otlp[signal]),
    componentType: (signal) => componentType(signal, otlp[signal]),
    server: (signal) => serverOf(otlp[signal]),
    traces() {
      const exporter = create('traces', encodeSpans);
      return exporter && { ...exporter, createBatch: createSpanBatch };
    },
    metrics() {
      const exporter = create('metrics', encodeMetrics);
      return exporter && { ...exporter, ...selectMetrics(otlpMetrics) };
    },
    logs() {
      const exporter = create('logs', encodeLogs);
      return exporter && { ...exporter, createBatch: createLogBatch };
    },
  };
}
