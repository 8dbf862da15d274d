import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from './scope.ts';

/**
 * Gives the instruments of the meter provider that is registered at that time.
 *
 * The API has no proxy for meters: an instrument made before the SDK is registered stays silent for
 * ever. So they are made on first use, and again when the provider has changed.
 *
 * @param provider default: the global one
 */
export function currentInstruments<T>(
  create: (meter: Meter) => T,
  provider?: MeterProvider,
): () => T {
  let made: { readonly by: MeterProvider; readonly instruments: T } | undefined;

  return function instruments() {
    const by = provider ?? metrics.getMeterProvider();
    if (made?.by !== by) {
      made = { by, instruments: create(by.getMeter(SCOPE_NAME, SCOPE_VERSION, SCOPE_OPTIONS)) };
    }
    return made.instruments;
  };
}
