import { createNoopMeter, ProxyTracerProvider, trace } from '@opentelemetry/api';
import { currentInstruments } from '../current-instruments.ts';
import { safely } from '../safely.ts';
import type { TraceHttpOptions } from './options.ts';

/** The delegate and the meter that the API returns while no SDK is registered. */
const NO_TRACERS = new ProxyTracerProvider().getDelegate();
const NO_METER = createNoopMeter();

/**
 * Creates a function that returns true while no SDK is registered, so that a request would record
 * nothing. It returns false if the options name a provider, or ask for more than spans and durations.
 */
export function createSdkCheck(options: TraceHttpOptions, hasOptIn: boolean): () => boolean {
  const { exceptions = 'span', onRequest, onResponse, tracerProvider, meterProvider } = options;
  if (hasOptIn || exceptions !== 'span' || onRequest || onResponse) return () => false;
  if (tracerProvider || meterProvider) return () => false;

  const hasNoMeter = currentInstruments((meter) => meter === NO_METER);
  return function hasNoSdk() {
    const provider = trace.getTracerProvider() as Partial<ProxyTracerProvider>;
    if (provider.getDelegate?.() !== NO_TRACERS || trace.getActiveSpan()) return false;
    return safely(hasNoMeter) === true;
  };
}
