import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { Exporter, ExporterOptions } from '../src/telemetry/exporter.ts';

/**
 * Shows metrics to Prometheus, which fetches them from a server of their own.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/prometheus/
 */
export async function createExporter({ settings }: ExporterOptions): Promise<Exporter> {
  const { OTEL_EXPORTER_PROMETHEUS_HOST: host, OTEL_EXPORTER_PROMETHEUS_PORT: port } = settings;
  return {
    processor: 'simple',
    metricInterval: 60_000,
    describe: () => `Prometheus at http://${host}:${port}/metrics`,
    traces: () => null,
    metrics: () => null,
    logs: () => null,
    async openMetricReader(metricProducers) {
      const options = { host, port, metricProducers, preventServerStart: true };
      const reader = new PrometheusExporter(options);
      await reader.startServer().catch((cause: NodeJS.ErrnoException) => {
        const message = `nobody can listen on ${host}:${port} (${cause.code}). Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or OTEL_EXPORTER_PROMETHEUS_HOST to an address of this machine.`;
        throw new Error(message, { cause });
      });
      return reader;
    },
  };
}
