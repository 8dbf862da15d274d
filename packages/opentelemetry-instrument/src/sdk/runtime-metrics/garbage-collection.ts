import { type PerformanceNodeEntry, PerformanceObserver } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';
import type { Stop } from './observe.ts';

const MILLISECONDS_PER_SECOND = 1e3;

/** Names of V8's collection types. Type 2 is a minor mark-sweep, under `--minor-ms`. */
const types: Readonly<Record<number, string>> = {
  1: 'minor',
  2: 'minor',
  4: 'major',
  8: 'incremental',
  16: 'weakcb',
};

/**
 * Creates `v8js.gc.duration`, in seconds.
 * @see https://opentelemetry.io/docs/specs/semconv/runtime/v8js-metrics/
 */
export function measureGarbageCollection(meter: Meter): Stop {
  const duration = meter.createHistogram('v8js.gc.duration', {
    description: 'Garbage collection duration.',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.01, 0.1, 1, 10] },
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceNodeEntry[]) {
      const { kind } = entry.detail as { readonly kind: number };
      const type = types[kind] ?? String(kind);
      duration.record(entry.duration / MILLISECONDS_PER_SECOND, { 'v8js.gc.type': type });
    }
  });
  observer.observe({ type: 'gc' });
  return () => observer.disconnect();
}
