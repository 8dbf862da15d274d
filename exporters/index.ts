import type { Exporter } from './exporter.ts';
import type { ExporterOptions } from './options.ts';

export type * from './exporter.ts';
export { formatFailure, SIGNALS } from './exporter.ts';
export type * from './options.ts';
export { findOtlpVariables } from './options.ts';
export type { FailureContext } from './otlp.ts';
export { errorWriter, printable, printableLines, wrapWords } from './terminal/index.ts';

/** Loads an exporter. Its code is imported only then. */
type Load = (options: ExporterOptions) => Promise<Exporter>;

/** All exporters by their names in `OTEL_*_EXPORTER`. Each is a file of this folder and a line here. */
export const exporters: Record<string, Load> = {
  console: async () => (await import('./console.ts')).createConsoleExporter(),
  otlp: async (options) => (await import('./otlp.ts')).loadOtlpExporter(options),
  prometheus: async (options) =>
    (await import('./prometheus.ts')).createPrometheusExporter(options.prometheus),
  tree: async ({ tree, viewer, traceUrl = viewer && `${viewer.url}/trace/` }) =>
    (await import('./tree.ts')).createTreeExporter({ ...tree, traceUrl }),
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
