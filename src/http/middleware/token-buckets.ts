export interface TokenBucketOptions {
  /** Tokens added to a bucket per second. */
  readonly rate: number;
  /** Capacity of a bucket. @default twice the rate */
  readonly burst?: number;
  /** Number of buckets kept, about 100 bytes each. @default 10000 */
  readonly capacity?: number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/**
 * Creates a function that takes a token from the bucket of a key. It returns the seconds until the
 * bucket has a token, or 0 if one was taken.
 *
 * At capacity the least recently used bucket is evicted. Its key starts again with a full bucket, so
 * memory is bounded and many keys cannot lock out one.
 */
export function createTokenBuckets({
  rate,
  burst = 2 * rate,
  capacity = 10_000,
  now = () => performance.now(),
}: TokenBucketOptions): (key: string) => number {
  const millisPerToken = 1_000 / rate;
  // The state of a bucket is the time at which it will be full.
  const fullTimes = new Map<string, number>();

  return function takeToken(key) {
    const time = now();
    const fullTime = Math.max(fullTimes.get(key) ?? time, time) + millisPerToken;
    const wait = fullTime - time - burst * millisPerToken;
    // Ignore floating-point noise.
    if (wait > 0.001) return wait / 1_000;

    // A Map keeps the order of insertion: the first key is the least recently used.
    fullTimes.delete(key);
    fullTimes.set(key, fullTime);
    if (fullTimes.size > capacity) fullTimes.delete(fullTimes.keys().next().value as string);
    return 0;
  };
}
