import type { BatchObservableCallback, Meter, Observable } from '@opentelemetry/api';

/** A function that stops the observation of a `measure...()`. */
export type Stop = () => void;

/** Calls `read` once per collection for all instruments. */
export function observe(
  meter: Meter,
  instruments: Observable[],
  read: BatchObservableCallback,
): Stop {
  meter.addBatchObservableCallback(read, instruments);
  return () => meter.removeBatchObservableCallback(read, instruments);
}
