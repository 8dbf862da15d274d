import { diag } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type IMetricReader,
  type MetricProducer,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Exporter } from './exporter.ts';
import { type MetricsServer, startMetricsServer } from './prometheus/metrics-server.ts';
import type { PageFormat } from './prometheus/negotiate-format.ts';
import { formatPage } from './prometheus/page.ts';

/** Options of `createPrometheusExporter()`. */
export interface PrometheusOptions {
  /** Address to listen on. @default 'localhost' */
  readonly host?: string | undefined;
  /** Port to listen on. @default 9464 */
  readonly port?: number | undefined;
  /**
   * Host names of requests that are accepted in addition to `host` and loopback names.
   * @default none
   */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** An exporter that Prometheus scrapes. */
export interface PrometheusExporter extends Exporter {
  /**
   * Opens the port and returns a reader for a `MeterProvider`, whose shutdown closes the port.
   * @param producers additional sources of metrics, cumulative
   * @throws Error when the server cannot listen on the port
   */
  openMetricReader(producers?: MetricProducer[]): Promise<IMetricReader>;
}

/**
 * Creates an exporter that serves metrics to Prometheus on a separate port.
 *
 * Replaces the SDK's exporter, which omits unit suffixes, writes invalid and duplicate labels, and
 * neither supports OpenMetrics nor checks the `Host` of a request.
 *
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/prometheus/
 * @example
 * ```ts
 * import { MeterProvider } from '@opentelemetry/sdk-metrics';
 * import { createPrometheusExporter } from 'opentelemetry-instrument-exporters/prometheus';
 *
 * const reader = await createPrometheusExporter({ port: 9464 }).openMetricReader();
 * const provider = new MeterProvider({ readers: [reader] });
 * ```
 */
export function createPrometheusExporter({
  host = 'localhost',
  port = 9464,
  allowedHosts = [],
}: PrometheusOptions = {}): PrometheusExporter {
  return {
    processor: 'simple',
    metricInterval: 60_000,
    describe: () => `Prometheus at http://${host}:${port}/metrics`,
    traces: () => null,
    metrics: () => null,
    logs: () => null,
    async openMetricReader(metricProducers = []) {
      const reader = new PrometheusReader(metricProducers);
      const collectPage = (format: PageFormat) => reader.collectPage(format);
      try {
        reader.server = await startMetricsServer({ host, port, allowedHosts, collectPage });
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        const message = `cannot listen on ${host}:${port} (${code}). Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or OTEL_EXPORTER_PROMETHEUS_HOST to an address of this machine.`;
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
