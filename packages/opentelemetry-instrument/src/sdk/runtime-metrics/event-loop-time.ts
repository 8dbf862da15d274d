import { performance } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

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
