import type { Exporter } from '../../exporters/exporter.ts';

/** An exporter that supports no signal. */
export const SILENT_EXPORTER: Exporter = {
  processor: 'simple',
  metricInterval: 60_000,
  describe: () => '',
  traces: () => null,
  metrics: () => null,
  logs: () => null,
};
