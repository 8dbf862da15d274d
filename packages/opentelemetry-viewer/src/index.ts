export { startViewer, type Viewer, type ViewerOptions } from './start-viewer.ts';
export type { MetricStore, StoreLimits, TelemetrySink, TraceStore } from './store/index.ts';
