import { compareTimes, type Entry } from './trace-record.ts';

/** A span or log record with everything below it, in time order. */
export interface Branch {
  readonly entry: Entry;
  readonly children: readonly Branch[];
}

/** Makes branches out of entries, each of which is used once. */
export interface Grower {
  grow(entry: Entry): Branch;
  /** What is in a branch already. */
  readonly taken: ReadonlySet<Entry>;
}

export function createGrower(entries: readonly Entry[]): Grower {
  const below = Map.groupBy(entries, ({ parentId }) => parentId);
  const taken = new Set<Entry>();

  function grow(entry: Entry): Branch {
    taken.add(entry);
    if (entry.kind === 'log') return { entry, children: [] };
    const children = below.get(entry.span.spanContext().spanId) ?? [];
    children.sort((a, b) => compareTimes(a.time, b.time));
    // A span that is its own ancestor can only be made by hand, but must not hang the program.
    return { entry, children: children.flatMap((child) => (taken.has(child) ? [] : grow(child))) };
  }
  return { grow, taken };
}
