export interface TokenBucketOptions {
  /** Tokens that flow into a bucket each second. */
  readonly rate: number;
  /** Tokens that a full bucket holds. Default: those of two seconds. */
  readonly burst?: number;
  /** Buckets that are kept. Default 10,000, which are about 1 MB. */
  readonly capacity?: number;
  /** Milliseconds on a clock that nobody sets. */
  readonly now?: () => number;
}

/**
 * Makes a function that takes a token from the bucket of a key, and returns the seconds until it
 * has one: 0 when it was taken.
 *
 * Beyond the capacity the bucket goes that was taken from the longest ago: its key begins anew with a
 * full one, so that memory is bounded, and nobody is locked out by the number of others.
 */
export function createTokenBuckets({
  rate,
  burst = 2 * rate,
  capacity = 10_000,
  now = () => performance.now(),
}: TokenBucketOptions): (key: string) => number {
  const millisPerToken = 1_000 / rate;
  // All of a bucket is the time at which it will be full again.
  const fullTimes = new Map<string, number>();

  return function takeToken(key) {
    const time = now();
    const fullTime = Math.max(fullTimes.get(key) ?? time, time) + millisPerToken;
    const wait = fullTime - time - burst * millisPerToken;
    // A fraction of a millisecond is what adding has made of nothing.
    if (wait > 0.001) return wait / 1_000;

    // A Map keeps the order of insertion: the first is the one that was taken from the longest ago.
    fullTimes.delete(key);
    fullTimes.set(key, fullTime);
    if (fullTimes.size > capacity) fullTimes.delete(fullTimes.keys().next().value as string);
    return 0;
  };
}
