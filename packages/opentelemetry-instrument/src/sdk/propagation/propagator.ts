import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator } from '@opentelemetry/core';
import type * as B3 from '@opentelemetry/propagator-b3';
import type { Settings } from '../../settings/index.ts';
import { createBaggagePropagator } from './baggage-propagator.ts';
import { createTraceContextPropagator } from './trace-context-propagator.ts';

type PropagatorNames = Settings['OTEL_PROPAGATORS'];

/** Creates the propagators that `OTEL_PROPAGATORS` names, in order. No names: no propagation. */
export async function createPropagator(names: PropagatorNames): Promise<TextMapPropagator> {
  const needsB3 = names.some((name) => name === 'b3' || name === 'b3multi');
  const b3 = needsB3 ? await import('@opentelemetry/propagator-b3') : undefined;
  return composePropagators(names, b3);
}

/** Creates the same propagators synchronously. @param b3 the module, if one of the names needs it */
export function composePropagators(
  names: PropagatorNames,
  b3: typeof B3 | undefined,
): TextMapPropagator {
  const propagators = names.flatMap((name) => createNamed(name, b3) ?? []);
  return new CompositePropagator({ propagators });
}

function createNamed(
  name: PropagatorNames[number],
  b3: typeof B3 | undefined,
): TextMapPropagator | undefined {
  switch (name) {
    case 'tracecontext':
      return createTraceContextPropagator();
    case 'baggage':
      return createBaggagePropagator();
    case 'b3':
      return b3 && createB3Propagator(b3, 'SINGLE_HEADER');
    case 'b3multi':
      return b3 && createB3Propagator(b3, 'MULTI_HEADER');
  }
}

/**
 * Creates a propagator that writes one B3 encoding and reads both.
 *
 * `B3Propagator.fields()` lists the headers of one encoding only, so `fields()` is replaced.
 */
function createB3Propagator(
  { B3InjectEncoding, B3Propagator }: typeof B3,
  encoding: 'SINGLE_HEADER' | 'MULTI_HEADER',
): TextMapPropagator {
  const propagator = new B3Propagator({ injectEncoding: B3InjectEncoding[encoding] });
  const multi = new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER });
  return {
    inject: (...args) => propagator.inject(...args),
    extract: (...args) => propagator.extract(...args),
    fields: () => ['b3', ...multi.fields()],
  };
}
