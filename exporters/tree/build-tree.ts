import { compareTimes, type TraceRecord } from './trace-record.ts';

/** A span or log record with its descendants, in time order. */
export interface TraceNode {
  readonly entry: TraceRecord;
  readonly children: readonly TraceNode[];
}

/** Builds trees of records. Each record is used once. */
export interface TreeBuilder {
  build(entry: TraceRecord): TraceNode;
  /** Records that are in a tree already. */
  readonly used: ReadonlySet<TraceRecord>;
}

/** Creates a builder for the records of a trace. */
export function createTreeBuilder(entries: readonly TraceRecord[]): TreeBuilder {
  const below = Map.groupBy(entries, ({ parentId }) => parentId);
  const used = new Set<TraceRecord>();

  function build(entry: TraceRecord): TraceNode {
    used.add(entry);
    if (entry.kind === 'log') return { entry, children: [] };
    const children = below.get(entry.span.spanContext().spanId) ?? [];
    children.sort((a, b) => compareTimes(a.time, b.time));
    // Forged spans may be their own ancestors, which must not hang the program.
    return { entry, children: children.flatMap((child) => (used.has(child) ? [] : build(child))) };
  }
  return { build, used };
}
