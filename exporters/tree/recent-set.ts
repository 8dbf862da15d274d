/** A set of at least the last `limit` values, and at most twice as many. */
export interface RecentSet<T> {
  add(value: T): void;
  has(value: T): boolean;
}

/** Creates a set from two, of which the older is dropped as a whole: deleting single values costs more. */
export function createRecentSet<T>(limit: number): RecentSet<T> {
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
