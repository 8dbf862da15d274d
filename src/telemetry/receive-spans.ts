import {
  type Attributes,
  type HrTime,
  ROOT_CONTEXT,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { hrTimeDuration } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import {
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SpanLimits,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { withinLimits } from './within-limits.ts';

/** A span that has ended elsewhere. Whoever hands it over has checked it. */
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
    readonly droppedAttributesCount: number;
  }[];
  readonly droppedEventsCount: number;
}

/** Takes a batch. Never throws. */
export type ReceiveSpans = (spans: readonly ReceivedSpan[]) => void;

export interface SpanReceiverOptions {
  readonly spanProcessors: readonly SpanProcessor[];
  readonly sampler: Sampler;
  readonly limits: Required<SpanLimits>;
  /** Of all spans that are received. */
  readonly resource: Resource;
  /** Of the scope `todo.browser`, which they all have. */
  readonly version: string;
}

/**
 * Makes a function that hands spans to the processors as if they had ended here.
 *
 * They are sampled as a request would be that carries their context, so that of a trace both are
 * there or neither is. Children go before the parents that came with them, as they end in a program.
 */
export function createSpanReceiver({
  spanProcessors,
  sampler,
  limits,
  resource,
  version,
}: SpanReceiverOptions): ReceiveSpans {
  const instrumentationScope = { name: 'todo.browser', version };

  function isSampled(span: ReceivedSpan): boolean {
    const { traceId, spanId, traceFlags, name, kind, attributes } = span;
    const caller = { traceId, spanId, traceFlags, isRemote: true };
    const context = trace.setSpanContext(ROOT_CONTEXT, caller);
    const { decision } = sampler.shouldSample(context, traceId, name, kind, attributes, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  function toReadable(span: ReceivedSpan, isParentHere: boolean): ReadableSpan {
    const { traceId, spanId, parentSpanId, startTime, endTime } = span;
    const traceFlags = TraceFlags.SAMPLED;
    const spanContext: SpanContext = { traceId, spanId, traceFlags };
    const parent = parentSpanId && {
      ...spanContext,
      spanId: parentSpanId,
      isRemote: !isParentHere,
    };
    return {
      name: span.name,
      kind: span.kind,
      spanContext: () => spanContext,
      ...(parent && { parentSpanContext: parent }),
      startTime,
      endTime,
      duration: hrTimeDuration(startTime, endTime),
      ended: true,
      status: span.status,
      ...withinLimits(span, limits),
      links: [],
      droppedLinksCount: 0,
      resource,
      instrumentationScope,
    };
  }

  return function receiveSpans(spans) {
    const sampled = spans.filter(isSampled);
    const ids = new Set(sampled.map(({ traceId, spanId }) => traceId + spanId));
    const isBelow = ({ traceId, parentSpanId }: ReceivedSpan) => ids.has(traceId + parentSpanId);
    const ordered = [...sampled.filter(isBelow), ...sampled.filter((span) => !isBelow(span))];
    for (const span of ordered) {
      const readable = toReadable(span, isBelow(span));
      for (const processor of spanProcessors) processor.onEnd(readable);
    }
  };
}
