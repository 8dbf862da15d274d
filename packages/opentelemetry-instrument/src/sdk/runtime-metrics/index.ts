import type { Meter, MeterProvider } from '@opentelemetry/api';
import { VERSION } from '../../version.ts';
import { SCHEMA_URL } from '../resource.ts';
import { measureActiveResources } from './active-resources.ts';
import type { MetricCapabilities } from './capabilities.ts';
import { measureEventLoopDelay } from './event-loop-delay.ts';
import { measureEventLoopTime } from './event-loop-time.ts';
import { measureGarbageCollection } from './garbage-collection.ts';
import { measureHeapSpaces } from './heap-spaces.ts';
import type { Stop } from './observe.ts';
import { measureProcess } from './process.ts';
import { measureProcessCounts } from './process-counts.ts';

const SCOPE = 'opentelemetry-instrument.runtime';

const measures: Readonly<Record<keyof MetricCapabilities, (meter: Meter) => Stop | Promise<Stop>>> =
  {
    eventLoopDelay: measureEventLoopDelay,
    eventLoopTime: measureEventLoopTime,
    garbageCollection: measureGarbageCollection,
    heapSpaces: measureHeapSpaces,
    activeResources: measureActiveResources,
  };

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
  capabilities: MetricCapabilities,
): Promise<RuntimeMetrics> {
  const meter = meterProvider.getMeter(SCOPE, VERSION, { schemaUrl: SCHEMA_URL });
  const names = Object.keys(measures) as (keyof MetricCapabilities)[];
  const stops = await Promise.all([
    measureProcess(meter),
    ...names.filter((name) => capabilities[name]).map((name) => measures[name](meter)),
    // The last, as it reads files: the resources that are active must not include that.
    measureProcessCounts(meter),
  ]);
  return {
    stop() {
      for (const stop of stops) stop();
    },
  };
}
