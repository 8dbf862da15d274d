import { trace } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { clockOffsetOf, readTime } from './span-clock.ts';

/**
 * Gives a log record the time of its span's clock, so that it lies within the span. The SDK reads the
 * wall clock, cut to the millisecond. A time that the caller gave is kept.
 */
export const alignLogTimes: LogRecordProcessor = {
  // It alone is not a reason to create records.
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
