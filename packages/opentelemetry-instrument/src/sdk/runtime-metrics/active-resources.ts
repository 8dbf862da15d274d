import process from 'node:process';
import { type Meter, ValueType } from '@opentelemetry/api';
import { observe, type Stop } from './observe.ts';

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
