import { type Histogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import process from 'node:process';
import { type Meter, ValueType } from '@opentelemetry/api';
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
 * the second tick after a reset. A delay that begins within 10 ms of a collection is therefore lost. On
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

const ATTR_STATE = 'nodejs.eventloop.state';
const MILLISECONDS_PER_SECOND = 1e3;

/**
 * Creates `nodejs.eventloop.time` since the loop started, and `nodejs.eventloop.utilization` since
 * the last collection.
 * @see https://opentelemetry.io/docs/specs/semconv/runtime/nodejs-metrics/
 */
export function measureEventLoopTime(meter: Meter): Stop {
  const time = meter.createObservableCounter('nodejs.eventloop.time', {
    description: 'Cumulative duration of time the event loop has been in each state.',
    unit: 's',
  });
  const utilization = meter.createObservableGauge('nodejs.eventloop.utilization', {
    description: 'Event loop utilization.',
    unit: '1',
  });
  let last = performance.eventLoopUtilization();
  return observe(meter, [time, utilization], (result) => {
    const now = performance.eventLoopUtilization();
    result.observe(time, now.active / MILLISECONDS_PER_SECOND, { [ATTR_STATE]: 'active' });
    result.observe(time, now.idle / MILLISECONDS_PER_SECOND, { [ATTR_STATE]: 'idle' });
    result.observe(utilization, performance.eventLoopUtilization(now, last).utilization);
    last = now;
  });
}

/**
 * Creates `v8js.resource.active`: sockets, servers and timers that keep the event loop alive, by
 * type.
 * @see https://opentelemetry.io/docs/specs/semconv/runtime/v8js-metrics/
 */
export function measureActiveResources(meter: Meter): Stop {
  const active = meter.createObservableGauge('v8js.resource.active', {
    description: 'Gauge of the active resources that are currently keeping the event loop alive.',
    unit: '{resource}',
    valueType: ValueType.INT,
  });
  const counts = new Map<string, number>();
  return observe(meter, [active], (result) => {
    // A gauge keeps its last value, so report 0 for types that no longer occur.
    for (const type of counts.keys()) counts.set(type, 0);
    for (const type of process.getActiveResourcesInfo()) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    for (const [type, count] of counts)
      result.observe(active, count, { 'v8js.resource.type': type });
  });
}
