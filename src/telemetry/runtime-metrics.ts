import type { MeterProvider } from '@opentelemetry/api';
import { SCHEMA_URL } from './resource.ts';
import { measureActiveResources } from './runtime-metrics/active-resources.ts';
import { measureEventLoopDelay } from './runtime-metrics/event-loop-delay.ts';
import { measureEventLoopTime } from './runtime-metrics/event-loop-time.ts';
import { measureGarbageCollection } from './runtime-metrics/garbage-collection.ts';
import { measureHeapSpaces } from './runtime-metrics/heap-spaces.ts';
import { measureProcess } from './runtime-metrics/process.ts';
import { measureProcessCounts } from './runtime-metrics/process-counts.ts';

const SCOPE = 'todo.runtime';

const measures = {
  eventLoopDelay: measureEventLoopDelay,
  eventLoopTime: measureEventLoopTime,
  garbageCollection: measureGarbageCollection,
  heapSpaces: measureHeapSpaces,
  activeResources: measureActiveResources,
};

/** What the runtime measures of itself in truth; the rest is left out. */
export type RuntimeMeasures = Readonly<Record<keyof typeof measures, boolean>>;

/** Runtime metrics that are observed. */
export interface RuntimeMetrics {
  /** Ends every observation. Call it after the last collection. */
  stop(): void;
}

/**
 * Observes the process, its event loop and its engine at each collection of metrics.
 *
 * Delays, utilization and garbage collections are counted from this call on. Where several readers
 * collect, the delay and the utilization that each of them sees begin with the last collection of
 * any: an observable instrument is not told who reads it.
 */
export async function startRuntimeMetrics(
  meterProvider: MeterProvider,
  measured: RuntimeMeasures,
  version?: string,
): Promise<RuntimeMetrics> {
  const meter = meterProvider.getMeter(SCOPE, version, { schemaUrl: SCHEMA_URL });
  const names = Object.keys(measures) as (keyof RuntimeMeasures)[];
  const stops = await Promise.all([
    measureProcess(meter),
    ...names.filter((name) => measured[name]).map((name) => measures[name](meter)),
    // The last, as it reads files: the resources that are active must not include that.
    measureProcessCounts(meter),
  ]);
  return {
    stop() {
      for (const stop of stops) stop();
    },
  };
}
