const DEFAULT_INTERVAL_MS = 60_000;

/**
 * Creates a counter that limits how often it calls `report`. The first count is reported immediately,
 * further ones at most once per interval, with their sum.
 */
export function throttle(
  report: (count: number, isFirst: boolean) => void,
  intervalMillis = DEFAULT_INTERVAL_MS,
): (count?: number) => void {
  let isPaused = false;
  let pending = 0;

  function pause() {
    isPaused = true;
    setTimeout(() => {
      isPaused = false;
      if (pending === 0) return;
      pause();
      report(pending, false);
      pending = 0;
    }, intervalMillis).unref();
  }

  return (count = 1) => {
    if (isPaused) {
      pending += count;
      return;
    }
    pause();
    report(count, true);
  };
}
