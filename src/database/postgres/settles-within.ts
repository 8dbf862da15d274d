/**
 * Waits for a promise. Rejects if it does so in time.
 * @param timeoutMillis time limit in milliseconds; 0 = none
 * @returns false if it has not settled in time
 */
export async function settlesWithin(
  promise: Promise<unknown>,
  timeoutMillis: number,
): Promise<boolean> {
  const settled = promise.then(() => true);
  if (timeoutMillis === 0) return settled;
  const { promise: timedOut, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, timeoutMillis, false);
  try {
    return await Promise.race([settled, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}
