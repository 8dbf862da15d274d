import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { block } from '../../support/load.ts';
import { metricCapabilities, useRuntimeMetrics, value } from '../../support/use-runtime-metrics.ts';

const ROUNDING_MS = 0.001;

const measures = metricCapabilities();
const start = useRuntimeMetrics();
afterEach(() => void vi.restoreAllMocks());

describe.runIf(measures.eventLoopDelay)('nodejs.eventloop.delay, where it is measured', () => {
  test('shows a loop that was blocked for a second, and does so once', async () => {
    const telemetry = await start(measures);
    await sleep(50);
    block(1_000);
    await sleep(50);
    const delays = Object.fromEntries(
      (await telemetry.metrics()).map(({ descriptor, dataPoints }) => [
        descriptor.name.replace('nodejs.eventloop.delay.', ''),
        Number(dataPoints[0]?.value),
      ]),
    ) as Record<'min' | 'max' | 'mean' | 'stddev' | 'p50' | 'p99', number>;
    expect(delays.p99).toBeGreaterThan(0.9);
    expect(delays.max).toBeGreaterThan(0.9);
    expect(delays.max).toBeLessThan(10);
    expect(delays.min).toBeLessThanOrEqual(delays.p50);
    expect(delays.p50).toBeLessThanOrEqual(delays.p99);
    expect(delays.mean).toBeLessThan(delays.max);
    expect(delays.stddev).toBeGreaterThan(0.01);

    await sleep(100);
    expect(value(await telemetry.points('nodejs.eventloop.delay.max'))).toBeLessThan(0.9);
  });

  test('does not change without a sample since the last collection', async () => {
    const telemetry = await start(measures);
    const least = () => telemetry.points('nodejs.eventloop.delay.min');
    const [first, second] = await vi.waitUntil(async () => {
      const points = await Promise.all([least(), least()]);
      return points[0].length > 0 ? points : undefined;
    });
    expect(value(second)).toBe(value(first));
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
  test('time grows by the busy and the idle time of the loop', async () => {
    const telemetry = await start(measures);
    const earlier = performance.eventLoopUtilization();
    const before = await telemetry.points('nodejs.eventloop.time');
    const from = performance.eventLoopUtilization();
    block(200);
    await sleep(200);
    const within = performance.eventLoopUtilization(from);
    const after = await telemetry.points('nodejs.eventloop.time');
    const around = performance.eventLoopUtilization(earlier);
    // On a busy machine the loop waits for a processor, too: the runtime's own readings are the bounds.
    for (const state of ['active', 'idle'] as const) {
      const grown = value(after, state) - value(before, state);
      expect(grown * 1_000).toBeGreaterThanOrEqual(within[state] - ROUNDING_MS);
      expect(grown * 1_000).toBeLessThanOrEqual(around[state] + ROUNDING_MS);
    }
    expect(within.active).toBeGreaterThan(150);
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
    expect(idle).toBeLessThan(busy);
    expect(idle).toBeGreaterThanOrEqual(0);
  });
});
