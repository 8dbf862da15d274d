import type { Meter, MeterProvider } from '@opentelemetry/api';
import { VERSION } from '../../version.ts';
import { SCHEMA_URL } from '../resource-attributes.ts';
import type { MetricCapabilities } from './capabilities.ts';
import {
  measureActiveResources,
  measureEventLoopDelay,
  measureEventLoopTime,
} from './event-loop.ts';
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

/** Running observation of runtime metrics. */
export interface RuntimeMetrics {
  /** Stops all observations. Must be called after the last collection. */
  stop(): void;
}

/**
 * Creates the metrics of the process, its event loop and its engine.
 *
 * Delays, utilization and garbage collections count from this call on. An observable instrument
 * does not know its reader, so with several readers delay and utilization cover the time since any
 * of them last collected.
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
    // Reading files creates active resources, so this must come after measureActiveResources().
    measureProcessCounts(meter),
  ]);
  return {
    stop() {
      for (const stop of stops) stop();
    },
  };
}
