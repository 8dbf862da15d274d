import { type MeterProvider, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { VERSION } from '../version.ts';
import { SCHEMA_URL } from './resource-attributes.ts';

const SCOPE = 'opentelemetry-instrument.tail-sampler';
/** Maximum number of spans that wait for the end of their local root, about 16 MB. */
const MAX_SPANS = 8_192;
/** Number of traces whose decision also applies to spans that end later. */
const MAX_DECISIONS = 2_048;

/** Digits of a trace ID that are random by W3C Trace Context, as far as a number can hold them exactly. */
const RANDOM_DIGITS = 13;

/** Options of the tail sampler. */
export interface TailSamplerOptions {
  /** Ratio of kept traces that neither have an error nor are slow. */
  readonly ratio: number;
  readonly slowMillis: number;
  readonly maxSpans?: number;
}

/** A processor that decides about whole local traces. */
export interface TailSampler extends SpanProcessor {
  /** Returns the counts of spans, human-readable. */
  describe(): string;
  /** Creates the metric of the decisions. */
  measure(provider: MeterProvider): void;
}

interface WaitingTrace {
  readonly spans: ReadableSpan[];
  hasError: boolean;
}

/**
 * Creates a processor in front of others that holds the spans of a trace until its local root ends. It
 * then passes on all of them or none. Traces with an error and slow traces are always passed on.
 *
 * Memory is bounded: when too many spans wait, the oldest trace is decided without its root. Spans that
 * end after their root follow its decision.
 */
export function createTailSampler(
  processors: readonly SpanProcessor[],
  { ratio, slowMillis, maxSpans = MAX_SPANS }: TailSamplerOptions,
): TailSampler {
  const waiting = new Map<string, WaitingTrace>();
  const decisions = new Map<string, boolean>();
  let waitingSpans = 0;
  const counts = { kept: 0, dropped: 0 };

  function pass(span: ReadableSpan, isKept: boolean): void {
    counts[isKept ? 'kept' : 'dropped'] += 1;
    if (isKept) for (const processor of processors) processor.onEnd(span);
  }

  function decide(traceId: string, trace: WaitingTrace, isSlow: boolean): void {
    waiting.delete(traceId);
    waitingSpans -= trace.spans.length;
    // Another local root of the same trace may already be exported.
    const isKept =
      trace.hasError || isSlow || decisions.get(traceId) === true || isInRatio(traceId, ratio);
    decisions.delete(traceId);
    decisions.set(traceId, isKept);
    const [oldest] = decisions.keys();
    if (decisions.size > MAX_DECISIONS && oldest !== undefined) decisions.delete(oldest);
    for (const span of trace.spans) pass(span, isKept);
  }

  function decideRest(): void {
    for (const [traceId, trace] of waiting) decide(traceId, trace, false);
  }

  return {
    onStart(span, context) {
      for (const processor of processors) processor.onStart(span, context);
    },
    onEnd(span) {
      const { traceId, traceFlags } = span.spanContext();
      if (!(traceFlags & TraceFlags.SAMPLED)) return;
      const isRoot =
        span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true;
      const known = isRoot || waiting.has(traceId) ? undefined : decisions.get(traceId);
      if (known !== undefined) {
        pass(span, known);
        return;
      }
      const trace = waiting.get(traceId) ?? { spans: [], hasError: false };
      waiting.set(traceId, trace);
      trace.spans.push(span);
      waitingSpans += 1;
      if (span.status.code === SpanStatusCode.ERROR) trace.hasError = true;
      if (isRoot) decide(traceId, trace, hrTimeToMilliseconds(span.duration) >= slowMillis);
      else if (waitingSpans > maxSpans) {
        const [oldest] = waiting;
        if (oldest) decide(...oldest, false);
      }
    },
    async forceFlush() {
      await Promise.all(processors.map((processor) => processor.forceFlush()));
    },
    async shutdown() {
      decideRest();
      await Promise.all(processors.map((processor) => processor.shutdown()));
    },
    describe: () => `Tail sampler: ${counts.kept} spans kept, ${counts.dropped} dropped`,
    measure(provider) {
      provider
        .getMeter(SCOPE, VERSION, { schemaUrl: SCHEMA_URL })
        .createObservableCounter('opentelemetry_instrument.tail_sampler.spans', {
          description: 'Number of spans by the decision of the tail sampler.',
          unit: '{span}',
        })
        .addCallback((result) => {
          for (const [decision, count] of Object.entries(counts)) {
            result.observe(count, { 'opentelemetry_instrument.tail_sampler.decision': decision });
          }
        });
    },
  };
}

/**
 * Returns true if a trace belongs to the ratio. Its ID decides, so that services with the same ratio keep the same
 * traces. `TraceIdRatioBasedSampler` uses it in another way, and both ratios can be combined.
 * @see https://www.w3.org/TR/trace-context-2/#random-trace-id-flag
 */
function isInRatio(traceId: string, ratio: number): boolean {
  const random = Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16);
  return random >= (1 - ratio) * 16 ** RANDOM_DIGITS;
}
