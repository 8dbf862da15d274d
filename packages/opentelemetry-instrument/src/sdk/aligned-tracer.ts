import {
  type Attributes,
  context as activeContext,
  type Context,
  type Span,
  type SpanOptions,
  type TimeInput,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { isTimeInput } from '@opentelemetry/core';
import { type ClockedSpan, clockOffsetOf, toHrTime } from './clock/index.ts';
import { toTracer } from './fast-path/index.ts';

type Time = TimeInput | null | undefined;

/**
 * Wraps a provider of the SDK so that the times of a local child are within its parent's.
 *
 * Each span of the SDK has its own clock, with a start in whole milliseconds. The wrapper passes
 * explicit times, read from the parent's clock.
 */
export function alignSpanTimes(provider: TracerProvider): TracerProvider {
  return {
    getTracer(...scope) {
      const tracer = provider.getTracer(...scope);

      function startSpan(name: string, options?: SpanOptions, context?: Context): Span {
        const parentContext = context ?? activeContext.active();
        const clockOffset = clockOffsetOf(options?.root ? undefined : trace.getSpan(parentContext));
        const startTime = toHrTime(options?.startTime, clockOffset);
        const span = tracer.startSpan(name, { ...options, startTime }, parentContext);
        return span.isRecording() ? alignTimes(span, clockOffset) : span;
      }

      return toTracer(startSpan);
    },
  };
}

function alignTimes(span: Span, clockOffset: number): Span & ClockedSpan {
  // The SDK's recordException() calls addEvent().
  const addEvent = span.addEvent.bind(span) as Span['addEvent'];
  const end = span.end.bind(span);
  return Object.assign(span, {
    clockOffset,
    addEvent(name: string, attributesOrTime?: Attributes | Time, time?: Time) {
      const isTime = isTimeInput(attributesOrTime);
      const at = isTime ? (time ?? attributesOrTime) : time;
      addEvent(
        name,
        isTime ? undefined : (attributesOrTime ?? undefined),
        toHrTime(at, clockOffset),
      );
      return span;
    },
    end: (time?: Time) => end(toHrTime(time, clockOffset)),
  });
}
