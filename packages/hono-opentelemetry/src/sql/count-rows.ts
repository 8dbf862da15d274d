/** Returns the number of rows of a result, or of the results of several statements. D1 calls them results. */
export function countRows(result: unknown): number | undefined {
  if (Array.isArray(result)) {
    return result.reduce<number>((sum, each) => sum + (countRows(each) ?? 0), 0);
  }
  const { rows, results } = (result ?? {}) as { rows?: unknown[]; results?: unknown[] };
  return (rows ?? results)?.length;
}
