import { type Exporter, type ExporterOf, SIGNALS, type Signal } from './exporter.ts';
import type { ExporterOptions, OtlpOptions } from './options.ts';
import { createExporter } from './otlp/create-exporter.ts';
import { type OtlpExporterOptions, resolveOptions } from './otlp/options.ts';
import type { OpenTransport } from './otlp/transport.ts';

export {
  assignEndpoint,
  describeFailure,
  type FailureContext,
} from './otlp/failure/index.ts';
export type { OtlpExporterOptions };

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
  for (const signal of SIGNALS) {
    if (!exporters[signal].includes('otlp')) continue;
    transports.set(signal, await loadTransport(otlp[signal].protocol));
  }
  return createExporter({ otlp, otlpMetrics }, (signal) => transports.get(signal));
}

/** Imports the transport of a protocol. That of gRPC loads `node:http2`. */
export async function loadTransport(protocol: OtlpOptions['protocol']): Promise<OpenTransport> {
  if (protocol === 'grpc') return (await import('./otlp/grpc/index.ts')).openGrpcTransport;
  return (await import('./otlp/http/index.ts')).openHttpTransport;
}
