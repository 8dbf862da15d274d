import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Knows the spans that have not ended, so that none is lost when the program stops. */
export interface LiveSpans extends SpanProcessor {
  /** Oldest first. */
  readonly spans: Iterable<ReadableSpan>;
  endAll(): void;
}

export function createLiveSpans(): LiveSpans {
  const open = new Map<ReadableSpan, Span>();
  return {
    get spans() {
      return open.keys();
    },
    onStart: (span) => void open.set(span, span),
    onEnd: (span) => void open.delete(span),
    endAll() {
      // Children are younger than their parents and end before them.
      for (const span of [...open.values()].reverse()) span.end();
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
