import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from './scope.ts';

/** Buckets of the durations of HTTP requests, in seconds. */
export const HTTP_DURATION_BUCKETS: number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Buckets of the durations of database calls, in seconds. */
export const DATABASE_DURATION_BUCKETS: number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Returns a function that returns the instruments of the meter provider in use.
 *
 * The API has no proxy for meters: an instrument created before the SDK is registered records nothing
 * forever. So instruments are created on first use, and again when the provider has changed.
 *
 * @param create creates the instruments of a meter
 * @param provider defaults to the global meter provider
 */
export function currentInstruments<T>(
  create: (meter: Meter) => T,
  provider?: MeterProvider,
): () => T {
  let created: { readonly by: MeterProvider; readonly instruments: T } | undefined;

  return function instruments() {
    const by = provider ?? metrics.getMeterProvider();
    if (created?.by !== by) {
      created = { by, instruments: create(by.getMeter(SCOPE_NAME, SCOPE_VERSION, SCOPE_OPTIONS)) };
    }
    return created.instruments;
  };
}
