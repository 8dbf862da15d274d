import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Log records in the order in which they came, and by their trace. */
export interface LogRing {
  readonly size: number;
  push(record: ReadableLogRecord): void;
  /** Removes the oldest. */
  shift(): ReadableLogRecord | undefined;
  ofTrace(traceId: string): readonly ReadableLogRecord[] | undefined;
  newestFirst(): Iterable<ReadableLogRecord>;
  clear(): void;
}

/** Creates a ring with room for one record more than `capacity`, so that the oldest can be removed after a push. */
export function createLogRing(capacity: number): LogRing {
  const slots: (ReadableLogRecord | undefined)[] = [];
  const byTrace = new Map<string, ReadableLogRecord[]>();
  const length = capacity + 1;
  let first = 0;
  let size = 0;

  return {
    get size() {
      return size;
    },
    push(record) {
      slots[(first + size) % length] = record;
      size += 1;
      const traceId = record.spanContext?.traceId;
      if (traceId === undefined) return;
      const records = byTrace.get(traceId);
      if (records) records.push(record);
      else byTrace.set(traceId, [record]);
    },
    shift() {
      if (size === 0) return undefined;
      const record = slots[first];
      slots[first] = undefined;
      first = (first + 1) % length;
      size -= 1;
      const traceId = record?.spanContext?.traceId;
      if (traceId !== undefined) {
        // The oldest of all is the oldest of its trace.
        const records = byTrace.get(traceId);
        records?.shift();
        if (records?.length === 0) byTrace.delete(traceId);
      }
      return record;
    },
    ofTrace: (traceId) => byTrace.get(traceId),
    *newestFirst() {
      for (let index = size - 1; index >= 0; index--) {
        const record = slots[(first + index) % length];
        if (record) yield record;
      }
    },
    clear() {
      slots.length = 0;
      byTrace.clear();
      first = size = 0;
    },
  };
}
