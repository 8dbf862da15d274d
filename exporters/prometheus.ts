import { diag } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type MetricProducer,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Exporter, ExporterOptions } from './exporter.ts';
import { type MetricsServer, startMetricsServer } from './prometheus/metrics-server.ts';
import type { PageFormat } from './prometheus/negotiate-format.ts';
import { formatPage } from './prometheus/page.ts';

/**
 * Serves metrics to Prometheus on a separate port.
 *
 * Replaces the SDK's exporter, which omits unit suffixes, writes invalid and duplicate labels, and
 * neither supports OpenMetrics nor checks the `Host` of a request.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/prometheus/
 */
export async function createExporter({
  prometheus: { host, port, allowedHosts = [] },
}: ExporterOptions): Promise<Exporter> {
  return {
    processor: 'simple',
    metricInterval: 60_000,
    describe: () => `Prometheus at http://${host}:${port}/metrics`,
    traces: () => null,
    metrics: () => null,
    logs: () => null,
    async openMetricReader(metricProducers) {
      const reader = new PrometheusReader(metricProducers);
      const collectPage = (format: PageFormat) => reader.collectPage(format);
      try {
        reader.server = await startMetricsServer({ host, port, allowedHosts, collectPage });
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        const message = `nobody can listen on ${host}:${port} (${code}). Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or OTEL_EXPORTER_PROMETHEUS_HOST to an address of this machine.`;
        throw new Error(message, { cause });
      }
      return reader;
    },
  };
}

/** Collects metrics when they are scraped. */
class PrometheusReader extends MetricReader {
  server?: MetricsServer;

  constructor(metricProducers: MetricProducer[]) {
    super({
      metricProducers,
      aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
      otelComponentType: 'prometheus_http_text_metric_exporter',
    });
  }

  async collectPage(format: PageFormat): Promise<string> {
    const { resourceMetrics, errors } = await this.collect();
    for (const error of errors) diag.warn('a metric cannot be collected', String(error));
    return formatPage(resourceMetrics, format);
  }

  protected async onForceFlush(): Promise<void> {}

  protected async onShutdown(): Promise<void> {
    await this.server?.close();
  }
}
