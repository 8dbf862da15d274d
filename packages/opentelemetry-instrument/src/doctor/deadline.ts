/** A time on the monotonic clock, as `performance.now()` returns it. */
export type Deadline = number;

/** Returns the deadline a number of milliseconds from now. */
export function deadlineIn(millis: number): Deadline {
  return performance.now() + millis;
}

/** Returns the earlier of `deadline` and the time a number of milliseconds from now. */
export function atMost(millis: number, deadline: Deadline): Deadline {
  return Math.min(deadline, deadlineIn(millis));
}

/** Result of `settleBefore()` at the deadline. */
export const LATE = Symbol('late');

/** Resolves to the result of `work`, or to `LATE` at the deadline. Does not cancel `work`. */
export async function settleBefore<T>(
  deadline: Deadline,
  work: Promise<T>,
): Promise<T | typeof LATE> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - performance.now()), LATE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the milliseconds since a time on the monotonic clock, rounded. */
export function millisSince(start: number): number {
  return Math.round(performance.now() - start);
}
