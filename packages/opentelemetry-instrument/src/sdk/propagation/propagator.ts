import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator } from '@opentelemetry/core';
import type { Settings } from '../../settings/variables.ts';
import { createBaggagePropagator } from './baggage-propagator.ts';
import { createTraceContextPropagator } from './trace-context-propagator.ts';

/** Creates the propagators that `OTEL_PROPAGATORS` names, in order. No names: no propagation. */
export async function createPropagator(
  names: Settings['OTEL_PROPAGATORS'],
): Promise<TextMapPropagator> {
  const propagators = await Promise.all(names.map((name) => create[name]()));
  return new CompositePropagator({ propagators });
}

const create: Record<
  Settings['OTEL_PROPAGATORS'][number],
  () => TextMapPropagator | Promise<TextMapPropagator>
> = {
  tracecontext: createTraceContextPropagator,
  baggage: createBaggagePropagator,
  b3: () => createB3Propagator('SINGLE_HEADER'),
  b3multi: () => createB3Propagator('MULTI_HEADER'),
};

/**
 * Creates a propagator that writes one B3 encoding and reads both.
 *
 * `B3Propagator.fields()` lists the headers of one encoding only, so `fields()` is replaced.
 */
async function createB3Propagator(
  encoding: 'SINGLE_HEADER' | 'MULTI_HEADER',
): Promise<TextMapPropagator> {
  const { B3InjectEncoding, B3Propagator } = await import('@opentelemetry/propagator-b3');
  const propagator = new B3Propagator({ injectEncoding: B3InjectEncoding[encoding] });
  const multi = new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER });
  return {
    inject: (...args) => propagator.inject(...args),
    extract: (...args) => propagator.extract(...args),
    fields: () => ['b3', ...multi.fields()],
  };
}
