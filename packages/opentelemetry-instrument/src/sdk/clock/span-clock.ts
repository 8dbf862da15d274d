import type { HrTime, Span, TimeInput } from '@opentelemetry/api';
import { isTimeInput, millisToHrTime, timeInputToHrTime } from '@opentelemetry/core';

// Every time is a reading of the monotonic clock, `performance.now()`, plus an offset to the wall
// clock. The wall clock may change during a trace, so a local child uses the offset of its parent
// and stays within it.

/** A span whose times are readings of the monotonic clock plus this offset. */
export interface ClockedSpan {
  /** Milliseconds since 1970 at which `performance.now()` was 0. */
  readonly clockOffset: number;
}

/** Offset of the latest reading. */
let currentOffset = performance.timeOrigin;

/**
 * Returns the offset at which the monotonic clock shows the same millisecond as the wall clock.
 *
 * The wall clock has no fractions of a millisecond. The offset changes only as far as needed, so
 * the fractions stay correct until the wall clock is set.
 */
export function readClockOffset(): number {
  const wall = Date.now();
  const precise = currentOffset + performance.now();
  if (precise < wall) currentOffset += wall - precise;
  else if (precise >= wall + 1) currentOffset += wall + 0.999 - precise;
  return currentOffset;
}

/** Returns the offset of a live span, or else the current one. */
export function clockOffsetOf(span: Span | undefined): number {
  const isClocked = span?.isRecording() && 'clockOffset' in span;
  return isClocked ? (span as Span & ClockedSpan).clockOffset : readClockOffset();
}

/** Returns the current time. Without an offset, uses the current one. */
export function readTime(offset = readClockOffset()): HrTime {
  return millisToHrTime(offset + performance.now());
}

/**
 * Converts a time that the caller passed, or returns the current time if it is not one.
 *
 * A number is a reading of `performance.now()`, or milliseconds since 1970 if it is too large for
 * that.
 */
export function toHrTime(time: TimeInput | null | undefined, offset: number): HrTime {
  if (!isTimeInput(time)) return readTime(offset);
  if (typeof time !== 'number') return timeInputToHrTime(time);
  return millisToHrTime(time > performance.now() ? time : time + offset);
}
