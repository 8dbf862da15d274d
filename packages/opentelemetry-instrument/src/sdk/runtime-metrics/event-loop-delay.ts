import { type Histogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

const NANOSECONDS = 1e9;

const statistics: [name: string, description: string, read: (h: Histogram) => number][] = [
  ['min', 'Event loop minimum delay.', ({ min }) => min],
  ['max', 'Event loop maximum delay.', ({ max }) => max],
  ['mean', 'Event loop mean delay.', ({ mean }) => mean],
  ['stddev', 'Event loop standard deviation delay.', ({ stddev }) => stddev],
  ['p50', 'Event loop 50 percentile delay.', (h) => h.percentile(50)],
  ['p90', 'Event loop 90 percentile delay.', (h) => h.percentile(90)],
  ['p99', 'Event loop 99 percentile delay.', (h) => h.percentile(99)],
];

/**
 * `nodejs.eventloop.delay.*`, in seconds, since the last collection.
 *
 * Sampled by a timer of 10 ms. Node reports the time between two samples, so that 0.01 is an idle
 * loop; Bun reports what exceeds it. A delay that begins within 10 ms of a collection is lost on
 * Node, whose histogram takes no sample before the second tick after a reset. Bun has one histogram
 * in a process: whoever else uses it resets this one.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/runtime/nodejs-metrics/
 */
export function measureEventLoopDelay(meter: Meter): Stop {
  // Not by `samplePerIteration` (Node 26.5): that does not see what a callback of a file system,
  // DNS or crypto operation blocks.
  const histogram = monitorEventLoopDelay();
  histogram.enable();
  const gauges = statistics.map(([name, description, read]) => ({
    gauge: meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, {
      description,
      unit: 's',
    }),
    read,
  }));
  const instruments = gauges.map(({ gauge }) => gauge);
  const stop = observe(meter, instruments, (result) => {
    // Without a sample there is no mean, and the least delay is that of 300 years.
    if (histogram.count === 0) return;
    for (const { gauge, read } of gauges) result.observe(gauge, read(histogram) / NANOSECONDS);
    histogram.reset();
  });
  return () => {
    stop();
    histogram.disable();
  };
}
