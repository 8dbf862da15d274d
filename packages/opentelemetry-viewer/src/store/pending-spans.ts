import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { sizeOfSpan } from './record-size.ts';

/** Number of spans that are dropped together. */
const SEGMENT_SPANS = 256;

/** Spans in the order in which they ended, with what is needed to keep limits. */
export interface SpanSegment {
  readonly spans: readonly ReadableSpan[];
  /** Number of local roots, of which a trace has one in each program. */
  readonly roots: number;
  /** Estimated. */
  readonly bytes: number;
}

/** Spans that are not indexed yet. Most are dropped before they are read, so they never are. */
export interface PendingSpans extends Omit<SpanSegment, 'spans'> {
  /** @throws if the span cannot be read */
  push(span: ReadableSpan): void;
  /** Removes the oldest segment; undefined if there is only the one that grows. */
  shift(): SpanSegment | undefined;
  /** Removes all spans. */
  take(): readonly ReadableSpan[];
}

/** Creates an empty queue. */
export function createPendingSpans(): PendingSpans {
  let full: SpanSegment[] = [];
  let last = newSegment();
  let roots = 0;
  let bytes = 0;

  return {
    get roots() {
      return roots;
    },
    get bytes() {
      return bytes;
    },
    push(span) {
      const size = sizeOfSpan(span);
      const root = isEntrySpan(span) ? 1 : 0;
      if (last.spans.length === SEGMENT_SPANS) {
        full.push(last);
        last = newSegment();
      }
      last.spans.push(span);
      last.bytes += size;
      last.roots += root;
      bytes += size;
      roots += root;
    },
    shift() {
      const oldest = full.shift();
      if (oldest) {
        roots -= oldest.roots;
        bytes -= oldest.bytes;
      }
      return oldest;
    },
    take() {
      const spans = [...full, last].flatMap((segment) => segment.spans);
      full = [];
      last = newSegment();
      roots = bytes = 0;
      return spans;
    },
  };
}

/** Returns whether a span has no parent in its program. */
export function isEntrySpan({ parentSpanContext: parent }: ReadableSpan): boolean {
  return parent === undefined || parent.isRemote === true;
}

function newSegment(): SpanSegment & { spans: ReadableSpan[]; roots: number; bytes: number } {
  return { spans: [], roots: 0, bytes: 0 };
}
