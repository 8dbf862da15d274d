import type { Exporter, ExportOutcome, Signal } from '../../exporters/exporter.ts';
import type { OtlpProtocol } from '../../exporters/options.ts';
import { loadOtlpExporter } from '../../exporters/otlp.ts';
import { exporterOptions } from '../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { readSettings } from '../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { startGrpcSink } from './otlp-grpc-sink.ts';
import { type OtlpSink, type SecureOptions, startOtlpSink } from './otlp-sink.ts';

/** Starts a sink that understands a protocol. */
export function startSink(protocol: OtlpProtocol, secure?: SecureOptions): Promise<OtlpSink> {
  return protocol === 'grpc' ? startGrpcSink(secure) : startOtlpSink(0, undefined, secure);
}

/** Opens the exporter `otlp` with these variables set. */
export function openOtlp(
  protocol: OtlpProtocol,
  url: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Exporter> {
  return loadOtlpExporter(
    exporterOptions(
      readSettings({
        variable: {
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_ENDPOINT: url,
          ...variables,
        },
      }),
    ),
  );
}

/** Exports records of a signal, and shuts its exporter down after that. @returns the outcome */
export async function send(
  exporter: Exporter,
  signal: Signal,
  records: unknown,
): Promise<ExportOutcome> {
  const channel = exporter[signal]();
  if (channel === null) throw new Error(`There is nothing for ${signal}`);
  const outcome = await new Promise<ExportOutcome>((resolve) => {
    channel.export(records as never, resolve);
  });
  await channel.shutdown();
  return outcome;
}
