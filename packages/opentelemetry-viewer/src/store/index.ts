import type { SqliteOptions } from './sqlite-trace-store.ts';
import type { TraceStore } from './trace-store.ts';

export { createMemoryMetricStore } from './memory-metric-store.ts';
export { createMemoryTraceStore } from './memory-trace-store.ts';
export type { MetricPoint, MetricSeries, MetricStore } from './metric-store.ts';
export { isError, isStatement, serviceOf, valueText } from './record-facts.ts';
export { createStoreSink, type TelemetrySink } from './telemetry-sink.ts';
export { millisOf } from './times.ts';
export type {
  LogQuery,
  StoredTrace,
  StoreLimits,
  TagFilter,
  TraceQuery,
  TraceSearchResult,
  TraceStore,
  TraceSummary,
} from './trace-store.ts';

/**
 * Opens a store that survives the process, in a SQLite database.
 *
 * Loads `node:sqlite` only here: old versions of Node do not have it, and most runs do not need it.
 */
export async function openSavedTraces(path: string, options?: SqliteOptions): Promise<TraceStore> {
  const [{ openSqliteTraceStore }, sqlite] = await Promise.all([
    import('./sqlite-trace-store.ts'),
    import('node:sqlite'),
  ]);
  return openSqliteTraceStore(path, sqlite, options);
}
