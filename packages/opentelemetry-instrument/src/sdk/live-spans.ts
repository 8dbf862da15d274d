import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** A processor that tracks live spans, so that they can be ended before the program exits. */
export interface LiveSpans extends SpanProcessor {
  /** Oldest first. */
  readonly spans: Iterable<ReadableSpan>;
  /** Ends all live spans. */
  endAll(): void;
}

/** Creates a processor that tracks live spans. */
export function createLiveSpans(): LiveSpans {
  const live = new Map<ReadableSpan, Span>();
  return {
    get spans() {
      return live.keys();
    },
    onStart: (span) => void live.set(span, span),
    onEnd: (span) => void live.delete(span),
    endAll() {
      // Children start after their parents and have to end before them.
      for (const span of [...live.values()].reverse()) span.end();
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
