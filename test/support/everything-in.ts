/** Returns message, stack and causes of an error, and all of their properties. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  const own = JSON.stringify(Object.fromEntries(Object.entries(error)));
  const cause = error.cause === undefined ? '' : everythingIn(error.cause);
  return [error.message, error.stack, own, cause].join('\n');
}
