import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator } from '@opentelemetry/core';
import type { Settings } from '../../settings/variables.ts';
import { createBaggagePropagator } from './baggage-propagator.ts';
import { createTraceContextPropagator } from './trace-context-propagator.ts';

/** The propagators that `OTEL_PROPAGATORS` names, in their order; none takes no context from anyone. */
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

/** Writes one form and reads both, of which its own `fields()` tells but the first. */
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
