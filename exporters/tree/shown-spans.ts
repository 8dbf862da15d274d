import type { TraceNode } from './trace-tree.ts';

/** The spans that were shown last. Their descendants arrive late. */
export interface ShownSpans {
  /** Adds a span and its descendants. */
  add(node: TraceNode): void;
  has(spanId: string): boolean;
}

const MAX_SPANS = 5_000;

/** Creates an empty set of shown spans. */
export function createShownSpans(): ShownSpans {
  const spanIds = createRecentSet<string>(MAX_SPANS);
  function add({ entry, children }: TraceNode): void {
    if (entry.kind === 'log') return;
    spanIds.add(entry.span.spanContext().spanId);
    children.forEach(add);
  }
  return { add, has: spanIds.has };
}

/** A set of at least the last `limit` values, and at most twice as many. */
interface RecentSet<T> {
  add(value: T): void;
  has(value: T): boolean;
}

/** Creates a set from two, of which the older is dropped as a whole: deleting single values costs more. */
function createRecentSet<T>(limit: number): RecentSet<T> {
  let newer = new Set<T>();
  let older = newer;
  return {
    add(value) {
      if (newer.size >= limit) {
        older = newer;
        newer = new Set();
      }
      newer.add(value);
    },
    has: (value) => newer.has(value) || older.has(value),
  };
}
