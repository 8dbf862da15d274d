import process from 'node:process';
import type { Hono } from 'hono';
import manifest from '../package.json' with { type: 'json' };
import {
  startViewerWith,
  type Viewer,
  type ViewerOptions,
  type ViewerParts,
} from './server/start-viewer.ts';

export type { Viewer, ViewerOptions } from './server/start-viewer.ts';
export type { MetricStore } from './store/metric-store.ts';
export type { StoreLimits, TraceStore } from './store/trace-store.ts';

/**
 * Starts the viewer in this process: pages and Jaeger's query API on a loopback port, and OTLP receivers if
 * they are asked for.
 *
 * @example
 * ```ts
 * import { startViewer } from 'opentelemetry-viewer';
 *
 * const viewer = await startViewer({ port: 0 });
 * console.log(viewer.url);
 * await viewer.close();
 * ```
 */
export function startViewer(options?: ViewerOptions): Promise<Viewer> {
  return startViewerWith(loadApp, options);
}

/** Loads the pages and the API. */
async function loadApp({
  store,
  metrics,
  endpoints,
  startedAt,
  allowedHosts,
}: ViewerParts): Promise<Hono> {
  const [{ createPages }, { createJaegerApi }, { createViewerApp }] = await Promise.all([
    import('./pages/index.ts'),
    import('./jaeger-api/index.ts'),
    import('./server/app.ts'),
  ]);
  const info = {
    version: manifest.version,
    endpoints,
    startedAt,
    hosts: allowedHosts,
    memory: () => process.memoryUsage.rss(),
  };
  return createViewerApp({
    pages: createPages({ store, metrics, info }),
    jaegerApi: createJaegerApi({ store }),
    allowedHosts,
  });
}
