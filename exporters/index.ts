import type { ExporterModule } from '../src/telemetry/exporter.ts';

/** Every exporter by its name in `OTEL_*_EXPORTER`: a file of this folder and a line here. */
export const exporters = {
  console: () => import('./console.ts'),
  otlp: () => import('./otlp.ts'),
  tree: () => import('./tree.ts'),
} satisfies Record<string, () => Promise<ExporterModule>>;
