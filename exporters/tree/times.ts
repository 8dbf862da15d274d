/** Formats a duration: `0.41 ms`, `1.20 s`. */
export function formatDuration(millis: number): string {
  if (millis < 1) return `${millis.toFixed(2)} ms`;
  if (millis < 100) return `${millis.toFixed(1)} ms`;
  return millis < 1_000 ? `${millis.toFixed(0)} ms` : `${(millis / 1_000).toFixed(2)} s`;
}

/** Formats a time as the local time of day: `12:31:07.201`. */
export function formatTimeOfDay(millis: number): string {
  const date = new Date(millis);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const parts = [hours, minutes, seconds].map((part) => String(part).padStart(2, '0'));
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Returns the time within at least one of the intervals, so that parallel ones do not count twice. */
export function coveredTime(intervals: readonly (readonly [start: number, end: number])[]): number {
  let total = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const [start, end] of intervals.toSorted(([a], [b]) => a - b)) {
    total += Math.max(end - Math.max(start, last), 0);
    last = Math.max(last, end);
  }
  return total;
}

/** Cells of a time bar, which has the width of a time of day. */
const CELLS = 12;

/**
 * Draws when something happened within a period, in half cells: `   ╺━━━╸    `. A moment is a dot.
 *
 * @param intervals start and end of each part, in any unit
 */
export function drawTimeBar(
  intervals: readonly (readonly [start: number, end: number])[],
  from: number,
  to: number,
): string {
  const halves = new Uint8Array(2 * CELLS);
  const scale = halves.length / Math.max(to - from, Number.EPSILON);
  const position = (time: number) =>
    Math.min(Math.max(Math.floor((time - from) * scale), 0), halves.length - 1);
  const marked = (cell: number) => Boolean(halves[2 * cell]) || Boolean(halves[2 * cell + 1]);
  for (const [start, end] of intervals) {
    const last = Math.max(Math.ceil((end - from) * scale), position(start) + 1);
    if (start < end) halves.fill(1, position(start), last);
  }
  for (const [start, end] of intervals) {
    if (start === end && !marked(position(start) >> 1)) halves[position(start) | 1] = 2;
  }
  let bar = '';
  for (let i = 0; i < halves.length; i += 2) {
    bar += halves[i + 1] === 2 ? '·' : ' ╸╺━'[Number(halves[i]) + 2 * Number(halves[i + 1])];
  }
  return bar;
}
