import type { HrTime, Span, TimeInput } from '@opentelemetry/api';
import { isTimeInput, millisToHrTime, timeInputToHrTime } from '@opentelemetry/core';

// All times are readings of `performance.now()`, the monotonic clock, plus an offset to the wall
// clock. A local child takes over the offset of its parent, so that it lies within it even when the
// wall clock is set meanwhile.

/** A span whose times are readings of the monotonic clock plus this offset. */
export interface ClockedSpan {
  /** Milliseconds since 1970 at which `performance.now()` was 0. */
  readonly clockOffset: number;
}

/** The offset of the latest reading. */
let currentOffset = performance.timeOrigin;

/**
 * Returns the offset at which the monotonic clock shows the same millisecond as the wall clock.
 *
 * The wall clock alone has no fractions of a millisecond. The offset changes only as far as needed,
 * so the fractions stay right while nobody sets the wall clock.
 */
export function readClockOffset(): number {
  const wall = Date.now();
  const precise = currentOffset + performance.now();
  if (precise < wall) currentOffset += wall - precise;
  else if (precise >= wall + 1) currentOffset += wall + 0.999 - precise;
  return currentOffset;
}

/** Returns the offset of a span that is still open, else the current one. */
export function clockOffsetOf(span: Span | undefined): number {
  const isClocked = span?.isRecording() && 'clockOffset' in span;
  return isClocked ? (span as Span & ClockedSpan).clockOffset : readClockOffset();
}

/** Returns the time now. @param offset default: the current one */
export function readTime(offset = readClockOffset()): HrTime {
  return millisToHrTime(offset + performance.now());
}

/**
 * Converts a caller's time; anything else means now. A number is a reading of `performance.now()`, or
 * milliseconds since 1970 if it is too large for that.
 */
export function toHrTime(time: TimeInput | null | undefined, offset: number): HrTime {
  if (!isTimeInput(time)) return readTime(offset);
  if (typeof time !== 'number') return timeInputToHrTime(time);
  return millisToHrTime(time > performance.now() ? time : time + offset);
}
