const MINUTE = 60_000;

/**
 * Makes a counter that does not flood a terminal: the first count is told at once, what comes after it
 * as one sum, at most once a minute.
 */
export function throttle(
  tellSum: (count: number, isFirst: boolean) => void,
  intervalMillis = MINUTE,
): (count?: number) => void {
  let isResting = false;
  let gathered = 0;

  function rest() {
    isResting = true;
    setTimeout(() => {
      isResting = false;
      if (gathered === 0) return;
      rest();
      tellSum(gathered, false);
      gathered = 0;
    }, intervalMillis).unref();
  }

  return (count = 1) => {
    if (isResting) {
      gathered += count;
      return;
    }
    rest();
    tellSum(count, true);
  };
}
