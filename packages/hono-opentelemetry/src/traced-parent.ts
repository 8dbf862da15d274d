import { type Span, TraceFlags } from '@opentelemetry/api';

/**
 * Returns true if statements below a span get spans. Those issued after the response still join its trace.
 * Other callers' traces get none.
 */
export function isTraced(parent: Span): boolean {
  if (parent.isRecording()) return true;
  const { isRemote, traceFlags } = parent.spanContext();
  return !isRemote && (traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** Returns true for a span of this process that is not sampled, so that spans below it are not, either. */
export function isUnsampled(parent: Span): boolean {
  const { isRemote, traceFlags } = parent.spanContext();
  return !isRemote && traceFlags === TraceFlags.NONE && !parent.isRecording();
}
