export interface SpanBudgetOptions {
  /** Spans per second, of all clients together. */
  readonly rate: number;
  /** @default that of two seconds */
  readonly burst?: number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

export interface SpanBudget {
  /** Returns the seconds until another batch is accepted; 0 if it is accepted now. */
  readonly secondsToWait: () => number;
  readonly spend: (spans: number) => void;
}

/**
 * Creates the limit on the spans of all clients together. A batch is paid for after it was read, so
 * the budget may be overdrawn, and refusing a batch costs no parsing.
 */
export function createSpanBudget({
  rate,
  burst = 2 * rate,
  now = () => performance.now(),
}: SpanBudgetOptions): SpanBudget {
  const millisPerSpan = 1_000 / rate;
  /** When everything spent so far has been refilled. */
  let fullTime = 0;

  return {
    secondsToWait() {
      const wait = fullTime + millisPerSpan - now() - burst * millisPerSpan;
      return Math.max(wait, 0) / 1_000;
    },
    spend(spans) {
      fullTime = Math.max(fullTime, now()) + spans * millisPerSpan;
    },
  };
}
