import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataPoint } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { allocate } from '../../support/load.ts';
import { metricCapabilities, useRuntimeMetrics, value } from '../../support/use-runtime-metrics.ts';

const measures = metricCapabilities();
const start = useRuntimeMetrics();

describe.runIf(measures.garbageCollection)('v8js.gc.duration, where it is measured', () => {
  test('counts collections of garbage by type, in seconds', async () => {
    const telemetry = await start(measures);
    async function minor() {
      allocate(100);
      await sleep(50);
      const points = await telemetry.histograms('v8js.gc.duration');
      return points.find(({ attributes }) => attributes['v8js.gc.type'] === 'minor')?.value;
    }
    const first = await minor();
    expect(first?.buckets.boundaries).toEqual([0.01, 0.1, 1, 10]);
    expect(first?.count).toBeGreaterThan(0);
    expect(first?.sum).toBeGreaterThan(0);
    expect(first?.sum).toBeLessThan(1);
    expect((await minor())?.count).toBeGreaterThan(first?.count ?? 0);
  });
});

describe.runIf(measures.heapSpaces)('v8js.memory.heap, where it is measured', () => {
  test('grows by a large object', async () => {
    const telemetry = await start(measures);
    async function large(): Promise<number[]> {
      const metrics = await telemetry.metrics();
      return ['used', 'space.size', 'space.physical_size'].map((name) =>
        metrics
          .filter(({ descriptor }) => descriptor.name === `v8js.memory.heap.${name}`)
          .flatMap(({ dataPoints }) => dataPoints as DataPoint<number>[])
          .filter(({ attributes }) => /large/.test(String(attributes['v8js.heap.space.name'])))
          .reduce((sum, { value }) => sum + value, 0),
      );
    }
    const before = await large();
    const array = new Array(8e6).fill(0.5);
    const after = await large();
    for (const [index, size] of after.entries()) {
      // An element takes 8 bytes, or 4 where V8 compresses pointers.
      expect(size - (before[index] ?? 0)).toBeGreaterThan(array.length * 3);
    }
  });

  test('leaves out the spaces that V8 has not used', async () => {
    const sizes = await (await start(measures)).points('v8js.memory.heap.space.size');
    const spaces = sizes.map(({ attributes }) => attributes['v8js.heap.space.name']);
    expect(spaces).toContain('old_space');
    for (const { value } of sizes) expect(value).toBeGreaterThan(0);
  });
});

describe.runIf(measures.activeResources)('v8js.resource.active, where it is measured', () => {
  test('counts resources by type, down to 0', async () => {
    const telemetry = await start(measures);
    const servers = async () =>
      value(await telemetry.points('v8js.resource.active'), 'TCPServerWrap');
    const open = Array.from({ length: 3 }, () => createServer().listen(0));
    await sleep(50);
    expect(await servers()).toBe(3);
    for (const server of open) server.close();
    await sleep(50);
    expect(await servers()).toBe(0);
  });

  test('excludes the resources of the measurement itself', async () => {
    const telemetry = await start(measures);
    await sleep(50);
    const types = (await telemetry.points('v8js.resource.active')).map(
      ({ attributes }) => attributes['v8js.resource.type'],
    );
    expect(types).not.toContain('FSReqCallback');
  });
});
