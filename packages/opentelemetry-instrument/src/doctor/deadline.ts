/** A moment on the clock of `performance.now()`. */
export type Deadline = number;

export function deadlineIn(millis: number): Deadline {
  return performance.now() + millis;
}

/** The earlier of a deadline and a moment that many milliseconds from now. */
export function atMost(millis: number, deadline: Deadline): Deadline {
  return Math.min(deadline, deadlineIn(millis));
}

export const LATE = Symbol('late');

/** What `work` comes to, or `LATE` at the deadline, whatever `work` does then. */
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

/** Milliseconds since a moment on the clock of `performance.now()`, whole. */
export function millisSince(start: number): number {
  return Math.round(performance.now() - start);
}
