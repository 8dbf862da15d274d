import type { BatchObservableCallback, Meter, Observable } from '@opentelemetry/api';

/** Ends what a `measure...()` has begun. */
export type Stop = () => void;

/** Has `read` called once a collection for all of `instruments`. */
export function observe(
  meter: Meter,
  instruments: Observable[],
  read: BatchObservableCallback,
): Stop {
  meter.addBatchObservableCallback(read, instruments);
  return () => meter.removeBatchObservableCallback(read, instruments);
}
