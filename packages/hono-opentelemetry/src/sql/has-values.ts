/** Returns true for a list or an object of values that is not empty. Drivers accept both. */
export function hasValues(values: unknown): boolean {
  return typeof values === 'object' && values !== null && Object.keys(values).length > 0;
}
