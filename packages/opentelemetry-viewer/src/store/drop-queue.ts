/** An entry with the field that the queue maintains. */
export interface QueuedEntry {
  /** Number of its places in the queue; the last one counts. */
  queued: number;
}

/** The order in which traces are dropped. */
export interface DropQueue<T> {
  /** Puts an entry at the end, also if it is in the queue already. */
  push(entry: T): void;
  /** Removes the entry that is dropped next. */
  shift(): T | undefined;
  clear(): void;
}

/**
 * Creates an empty queue.
 *
 * The order of a `Map` would do, but to find its first entry after many deletions takes 5 µs on Node.
 */
export function createDropQueue<T extends QueuedEntry>(): DropQueue<T> {
  let entries: (T | undefined)[] = [];
  let first = 0;
  return {
    push(entry) {
      entry.queued += 1;
      entries.push(entry);
    },
    shift() {
      for (;;) {
        const entry = entries[first];
        if (entry === undefined) return undefined;
        // Its trace would stay in memory until the array is shortened.
        entries[first] = undefined;
        first += 1;
        if (first > entries.length / 2) {
          entries = entries.slice(first);
          first = 0;
        }
        entry.queued -= 1;
        if (entry.queued === 0) return entry;
      }
    },
    clear() {
      entries = [];
      first = 0;
    },
  };
}
