import { type Histogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

const NANOSECONDS_PER_SECOND = 1e9;

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
 * Creates `nodejs.eventloop.delay.*`, in seconds, since the last collection.
 *
 * A timer samples the delay every 10 ms. Node reports the time between two samples, so 0.01 means
 * an idle loop; Bun reports the excess over 10 ms. On Node the histogram takes its first sample at
 * the second tick after a reset, so a delay that begins within 10 ms of a collection is lost. On
 * Bun all users in a process share one histogram, and each reset affects all of them.
 * @see https://opentelemetry.io/docs/specs/semconv/runtime/nodejs-metrics/
 */
export function measureEventLoopDelay(meter: Meter): Stop {
  // `samplePerIteration` (Node 26.5) misses delays in callbacks of file system, DNS and crypto
  // operations, so it is not used.
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
    // Without samples the mean is NaN and the minimum is 300 years.
    if (histogram.count === 0) return;
    for (const { gauge, read } of gauges)
      result.observe(gauge, read(histogram) / NANOSECONDS_PER_SECOND);
    histogram.reset();
  });
  return () => {
    stop();
    histogram.disable();
  };
}
