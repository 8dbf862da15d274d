import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { block } from '../../support/load.ts';
import { metricCapabilities, useRuntimeMetrics, value } from '../../support/use-runtime-metrics.ts';

const measures = metricCapabilities();
const start = useRuntimeMetrics();
afterEach(() => void vi.restoreAllMocks());

describe.runIf(measures.eventLoopDelay)('nodejs.eventloop.delay, where it is measured', () => {
  test('shows a loop that was blocked for 200 ms, and does so once', async () => {
    const telemetry = await start(measures);
    await sleep(50);
    block(200);
    await sleep(50);
    const delays = Object.fromEntries(
      (await telemetry.metrics()).map(({ descriptor, dataPoints }) => [
        descriptor.name.replace('nodejs.eventloop.delay.', ''),
        Number(dataPoints[0]?.value),
      ]),
    ) as Record<'min' | 'max' | 'mean' | 'stddev' | 'p50' | 'p99', number>;
    expect(delays.p99).toBeGreaterThan(0.15);
    expect(delays.max).toBeGreaterThan(0.15);
    expect(delays.max).toBeLessThan(1);
    expect(delays.p50).toBeLessThan(0.05);
    expect(delays.min).toBeLessThanOrEqual(delays.p50);
    expect(delays.mean).toBeLessThan(delays.max);
    expect(delays.stddev).toBeGreaterThan(0.01);

    await sleep(100);
    expect(value(await telemetry.points('nodejs.eventloop.delay.max'))).toBeLessThan(0.1);
  });

  test('stays as it was when no sample has come since the last collection', async () => {
    const telemetry = await start(measures);
    const least = async () => value(await telemetry.points('nodejs.eventloop.delay.min'));
    await sleep(50);
    const [first, second] = await Promise.all([least(), least()]);
    expect(first).toBeLessThan(0.1);
    expect(second).toBe(first);
  });

  test('is sampled no longer after stop()', async () => {
    const histogram = monitorEventLoopDelay();
    // Bun has one histogram, which all who ask for it share.
    const owner = Object.hasOwn(histogram, 'disable')
      ? histogram
      : Object.getPrototypeOf(histogram);
    const disable = vi.spyOn(owner, 'disable');
    (await start(measures)).stop();
    expect(disable).toHaveBeenCalledTimes(1);
  });
});

describe.runIf(measures.eventLoopTime)('nodejs.eventloop, where it is measured', () => {
  test('time grows by what the loop was busy and by what it was idle', async () => {
    const telemetry = await start(measures);
    const before = await telemetry.points('nodejs.eventloop.time');
    block(200);
    await sleep(200);
    const after = await telemetry.points('nodejs.eventloop.time');
    for (const state of ['active', 'idle']) {
      const grown = value(after, state) - value(before, state);
      expect(grown).toBeGreaterThan(0.15);
      expect(grown).toBeLessThan(2);
    }
  });

  test('utilization is the busy share since the last collection', async () => {
    const telemetry = await start(measures);
    const utilization = async () => value(await telemetry.points('nodejs.eventloop.utilization'));
    block(200);
    const busy = await utilization();
    await sleep(200);
    const idle = await utilization();
    expect(busy).toBeGreaterThan(0.9);
    expect(busy).toBeLessThanOrEqual(1);
    expect(idle).toBeLessThan(0.5);
    expect(idle).toBeGreaterThanOrEqual(0);
  });
});
