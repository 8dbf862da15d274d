/** A set that holds at least the last `limit` values, and never more than twice as many. */
export interface RecentSet<T> {
  add(value: T): void;
  has(value: T): boolean;
}

/** Two sets, of which the older is forgotten at once: taking single values out costs far more. */
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
