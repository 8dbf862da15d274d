import { INVALID_TRACEID, type MeterProvider, TraceFlags, trace } from '@opentelemetry/api';
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { VERSION } from '../version.ts';
import { DELIVERY_SCOPE } from './export-stats/index.ts';
import type { LiveSpans } from './live-spans.ts';
import { SCHEMA_URL } from './resource-attributes.ts';

const RESULTS = [
  [SamplingDecision.NOT_RECORD, 'DROP'],
  [SamplingDecision.RECORD, 'RECORD_ONLY'],
  [SamplingDecision.RECORD_AND_SAMPLED, 'RECORD_AND_SAMPLE'],
] as const;

type Counts = Record<SamplingDecision, number>;

/** A counter of the spans that a sampler decides about. */
export interface SpanCounter {
  /** A sampler that makes the decisions of the wrapped one, and counts them. */
  readonly sampler: Sampler;
  /** Creates the metrics of spans. */
  measure(provider: MeterProvider, liveSpans: LiveSpans): void;
}

/**
 * Wraps a sampler to count its decisions. The sampler sees every span that starts in this process.
 *
 * A span costs one addition. Metrics read the counts at collection.
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/#span-metrics
 */
export function createSpanCounter(sampler: Sampler): SpanCounter {
  const createCounts = (): Counts => ({
    [SamplingDecision.NOT_RECORD]: 0,
    [SamplingDecision.RECORD]: 0,
    [SamplingDecision.RECORD_AND_SAMPLED]: 0,
  });
  const started = { none: createCounts(), local: createCounts(), remote: createCounts() };

  return {
    sampler: {
      shouldSample(context, ...span) {
        const result = sampler.shouldSample(context, ...span);
        const parent = trace.getSpanContext(context);
        const isRoot = parent === undefined || parent.traceId === INVALID_TRACEID;
        const origin = isRoot ? 'none' : parent.isRemote ? 'remote' : 'local';
        started[origin][result.decision] += 1;
        return result;
      },
      toString: () => sampler.toString(),
    },
    measure(provider, liveSpans) {
      const meter = provider.getMeter(DELIVERY_SCOPE, VERSION, { schemaUrl: SCHEMA_URL });
      const unit = '{span}';
      meter
        .createObservableCounter('otel.sdk.span.started', {
          description: 'Spans that were created, recorded or not',
          unit,
        })
        .addCallback((result) => {
          for (const [origin, counts] of Object.entries(started)) {
            for (const [decision, sampling] of RESULTS) {
              if (counts[decision] === 0) continue;
              result.observe(counts[decision], {
                'otel.span.parent.origin': origin,
                'otel.span.sampling_result': sampling,
              });
            }
          }
        });
      meter
        .createObservableUpDownCounter('otel.sdk.span.live', {
          description: 'Recorded spans that have not ended',
          unit,
        })
        .addCallback((result) => {
          const live = createCounts();
          for (const span of liveSpans.spans) {
            const isSampled = span.spanContext().traceFlags & TraceFlags.SAMPLED;
            live[isSampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.RECORD] += 1;
          }
          for (const [decision, sampling] of RESULTS) {
            const isPossible = Object.values(started).some((counts) => counts[decision] > 0);
            if (decision === SamplingDecision.NOT_RECORD || !isPossible) continue;
            result.observe(live[decision], { 'otel.span.sampling_result': sampling });
          }
        });
    },
  };
}
