import type { Exporter, ExporterModule } from '../src/telemetry/exporter.ts';

/** Every exporter by its name in `OTEL_*_EXPORTER`: a file of this folder and a line here. */
export const exporters: Record<string, () => Promise<ExporterModule>> = {
  console: () => import('./console.ts'),
  otlp: () => import('./otlp.ts'),
  tree: () => import('./tree.ts'),
};

/** Makes an exporter by its name. Its code is read only now. */
export async function loadExporter(name: string): Promise<Exporter> {
  const load = exporters[name];
  if (load === undefined) throw new Error(`There is no exporter "${name}".`);
  return (await load()).createExporter();
}
