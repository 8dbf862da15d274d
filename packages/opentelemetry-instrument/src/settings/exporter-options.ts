import type { ExporterOptions, ViewerSink } from 'opentelemetry-instrument-exporters';
import type { ProgramSettings } from './program-settings.ts';

/**
 * Returns what exporters need to know of the settings.
 * @param allowedHosts host names under which Prometheus may scrape, in addition to its own
 * @param viewer the viewer in this process, if there is one
 */
export function exporterOptions(
  {
    settings,
    exporters,
    otlp,
  }: Pick<ProgramSettings, 'settings' | 'exporters'> & Pick<ExporterOptions, 'otlp'>,
  allowedHosts: readonly string[] = [],
  viewer?: ViewerSink,
): ExporterOptions {
  return {
    exporters,
    otlp,
    otlpMetrics: {
      temporality: settings.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE,
      histogramAggregation: settings.OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION,
    },
    prometheus: {
      host: settings.OTEL_EXPORTER_PROMETHEUS_HOST,
      port: settings.OTEL_EXPORTER_PROMETHEUS_PORT,
      allowedHosts,
    },
    viewer,
  };
}
