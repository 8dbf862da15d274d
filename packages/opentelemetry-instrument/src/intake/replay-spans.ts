import {
  type Attributes,
  type HrTime,
  ROOT_CONTEXT,
  type SpanKind,
  type SpanStatus,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { type ReadableSpan, SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { readClockOffset } from '../sdk/clock/index.ts';
import { FastSpan, type FastTracerOptions } from '../sdk/fast-path/index.ts';
import { SCHEMA_URL } from '../sdk/resource-attributes.ts';

/** A span that ended in another process. The caller has validated it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceFlags: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly events: readonly {
    readonly time: HrTime;
    readonly name: string;
    readonly attributes: Attributes;
  }[];
  readonly droppedEventsCount: number;
}

/** A function that exports a batch of spans. It never throws. */
export type ReceiveSpans = (spans: readonly ReceivedSpan[]) => void;

/** A span processor that treats spans from outside differently from the app's own. */
export interface ReceivedSpanProcessor {
  onReceived(span: ReadableSpan): void;
}

/** Options of `createSpanReceiver()`. */
export interface SpanReceiverOptions extends Omit<FastTracerOptions, 'spanProcessors'> {
  readonly spanProcessors: readonly ReceivedSpanProcessor[];
  /** The instrumentation scope of all received spans. */
  readonly scope: { readonly name: string; readonly version: string };
}

/**
 * Creates a function that passes spans to the processors as if they had ended here.
 *
 * They are sampled like a request that carries their context, so browser and server spans are kept
 * or dropped together. Roots are replayed last, as parents end after their children.
 */
export function createSpanReceiver({
  spanProcessors,
  sampler,
  spanLimits,
  resource,
  scope,
}: SpanReceiverOptions): ReceiveSpans {
  const origin = {
    resource,
    instrumentationScope: { ...scope, schemaUrl: SCHEMA_URL },
    limits: spanLimits,
    onEnd(span: FastSpan) {
      for (const processor of spanProcessors) processor.onReceived(span);
    },
  };

  function isSampled(span: ReceivedSpan): boolean {
    const { traceId, spanId, traceFlags, name, kind, attributes } = span;
    const caller = { traceId, spanId, traceFlags, isRemote: true };
    const context = trace.setSpanContext(ROOT_CONTEXT, caller);
    const { decision } = sampler.shouldSample(context, traceId, name, kind, attributes, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  function replaySpan(received: ReceivedSpan, isParentHere: boolean): void {
    const { traceId, spanId, parentSpanId, name, kind, startTime } = received;
    const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
    const parent =
      parentSpanId === undefined
        ? undefined
        : { ...context, spanId: parentSpanId, isRemote: !isParentHere };
    const span = new FastSpan(origin, context, name, kind, readClockOffset(), parent, startTime);
    span.setAttributes(received.attributes).setStatus(received.status);
    for (const { name, attributes, time } of received.events) span.addEvent(name, attributes, time);
    span.droppedAttributesCount += received.droppedAttributesCount;
    span.droppedEventsCount += received.droppedEventsCount;
    span.end(received.endTime);
  }

  return function receiveSpans(spans) {
    const sampled = spans.filter(isSampled);
    const byId = new Map(sampled.map((span) => [span.traceId + span.spanId, span]));
    const parentOf = (span: ReceivedSpan) => byId.get(span.traceId + span.parentSpanId);

    /** Returns true if the parent is in the batch, and false in or below a cycle of parents. */
    function isBelow(span: ReceivedSpan): boolean {
      const seen = new Set([span]);
      let parent = parentOf(span);
      for (; parent !== undefined && !seen.has(parent); parent = parentOf(parent)) seen.add(parent);
      return parent === undefined && seen.size > 1;
    }
    const ordered = [...sampled.filter(isBelow), ...sampled.filter((span) => !isBelow(span))];
    for (const span of ordered) replaySpan(span, isBelow(span));
  };
}
