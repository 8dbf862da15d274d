export type * from './exporter.ts';
export type { ExportFailure } from './otlp/export-failure.ts';
export type { FailureContext, FailureDescription } from './otlp/failure-context.ts';
export type { OtlpMetricOptions, OtlpOptions, OtlpProtocol } from './otlp/options.ts';
export type { OtlpVariables } from './otlp/variable-names.ts';

import type { Exporter, ExporterOptions } from './exporter.ts';

export { printable, printableLines } from './terminal/printable.ts';
export { errorWriter } from './terminal/writer.ts';

/** Loads an exporter. Its code is imported only then. */
type Load = (options: ExporterOptions) => Promise<Exporter>;

/** All exporters by their names in `OTEL_*_EXPORTER`. Each is a file of this folder and a line here. */
export const exporters: Record<string, Load> = {
  console: async () => (await import('./console.ts')).createConsoleExporter(),
  otlp: async (options) => (await import('./otlp.ts')).loadOtlpExporter(options),
  prometheus: async (options) =>
    (await import('./prometheus.ts')).createPrometheusExporter(options.prometheus),
  tree: async ({ viewer }) =>
    (await import('./tree.ts')).createTreeExporter({ traceUrl: viewer && `${viewer.url}/trace/` }),
  viewer: async ({ viewer }) => (await import('./viewer.ts')).createViewerExporter(viewer),
};

/**
 * Loads an exporter by its name in `OTEL_*_EXPORTER`.
 * @throws Error with a human-readable message if there is none, or it cannot run
 */
export async function loadExporter(name: string, options: ExporterOptions): Promise<Exporter> {
  const load = exporters[name];
  if (load === undefined) throw new Error(`There is no exporter "${name}".`);
  return load(options);
}
