import { trace } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { clockOffsetOf, readTime } from './span-clock.ts';

/**
 * A processor that takes the time of a log record from its span's clock, so it is within the span.
 *
 * The SDK reads the wall clock in whole milliseconds. A time that the caller passed is kept.
 */
export const alignLogTimes: LogRecordProcessor = {
  // This processor alone must not cause records to be created.
  enabled: () => false,
  onEmit(record, context) {
    const [seconds, nanos] = record.hrTime;
    const [observedSeconds, observedNanos] = record.hrTimeObserved;
    if (seconds !== observedSeconds || nanos !== observedNanos) return;
    const time = readTime(clockOffsetOf(context && trace.getSpan(context)));
    record.hrTime = time;
    record.hrTimeObserved = time;
  },
  forceFlush: async () => {},
  shutdown: async () => {},
};
