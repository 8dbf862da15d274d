import { stat } from 'node:fs/promises';
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import {
  METRIC_CAPABILITIES,
  type MetricCapabilities,
} from '../../packages/opentelemetry-instrument/src/sdk/runtime-metrics/capabilities.ts';
import type { Runtime } from '../../runtimes/runtime.ts';
import { allocate, block } from '../support/load.ts';

/** Checks of the metrics under load. An adapter declares a metric if and only if its check passes. */
const shows: Readonly<Record<keyof MetricCapabilities, (runtime: Runtime) => Promise<boolean>>> = {
  async eventLoopDelay() {
    const histogram = monitorEventLoopDelay();
    histogram.enable();
    let seen = 0;
    for (const wait of [() => sleep(1), () => stat('.'), () => Promise.resolve(), () => sleep(1)]) {
      histogram.reset();
      await sleep(40);
      await wait();
      block(200);
      await sleep(40);
      if (histogram.max > 150e6) seen++;
    }
    histogram.disable();
    return seen === 4;
  },

  async eventLoopTime() {
    const before = performance.eventLoopUtilization();
    block(200);
    await sleep(200);
    const { active, idle } = performance.eventLoopUtilization(before);
    return active > 150 && idle > 150;
  },

  async garbageCollection() {
    let entries = 0;
    const observer = new PerformanceObserver((list) => {
      entries += list.getEntries().length;
    });
    observer.observe({ type: 'gc' });
    allocate(100);
    await sleep(50);
    observer.disconnect();
    return entries > 0;
  },

  async heapSpaces() {
    const sizes = () =>
      new Map(getHeapSpaceStatistics().map((space) => [space.space_name, space.space_used_size]));
    const before = sizes();
    const large = new Array(8e6).fill(0.5);
    const after = sizes();
    const grown = ['new_large_object_space', 'large_object_space'].map(
      (space) => (after.get(space) ?? 0) - (before.get(space) ?? 0),
    );
    // An element takes 8 bytes, or 4 where V8 compresses pointers.
    return Math.max(...grown) > large.length * 3;
  },

  async activeResources(runtime) {
    const count = () => process.getActiveResourcesInfo().length;
    const before = count();
    const server = await runtime.serve(() => new Response(), { hostname: '127.0.0.1', port: 0 });
    const after = count();
    await server.close(0);
    return after > before;
  },
};

/** Tests that an adapter declares exactly the metrics that its runtime reports correctly. */
export function testMeasures(load: () => Promise<Runtime>): void {
  test.each(Object.keys(shows) as (keyof MetricCapabilities)[])(
    'declares truly whether it measures %s',
    async (name) => {
      const runtime = await load();
      expect(await shows[name](runtime)).toBe(METRIC_CAPABILITIES[runtime.name]?.[name]);
    },
  );
}
