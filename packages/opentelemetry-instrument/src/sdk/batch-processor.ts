import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Batch } from 'opentelemetry-instrument-exporters';
import type { PipelineExporter, RecordProcessor } from './simple-processor.ts';

/** Options of `createBatchProcessor()`. */
export interface BatchOptions {
  /** Maximum number of queued records. Further records are dropped. */
  readonly maxQueueSize: number;
  /** Maximum number of records in one export. */
  readonly maxBatchSize: number;
  /** Maximum time that a record waits for others; 0 exports immediately. */
  readonly scheduleDelayMillis: number;
}

/**
 * Creates a processor that exports records in batches, one batch at a time. A record is added to
 * its batch immediately, and the batch may encode it then.
 *
 * Works like the SDK's batch processors, for spans and log records, with three differences. Drops
 * are reported. `forceFlush()` also waits for the batch in flight. Encoding a full batch does not
 * delay the request that filled it.
 * @param onDrop called when the queue is full, or a record does not fit into an empty batch
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor
 */
export function createBatchProcessor<T>(
  exporter: PipelineExporter<T>,
  { maxQueueSize, maxBatchSize, scheduleDelayMillis }: BatchOptions,
  onDrop: (reason: 'queue_full' | 'unencodable') => void,
): RecordProcessor<T> & { readonly queueSize: number } {
  const createBatch = (): Batch<T> => exporter.createBatch?.() ?? [];
  /** Waiting batches. All except the last are full, by records or by bytes. */
  const queue: Batch<T>[] = [];
  const maxBatches = Math.ceil(maxQueueSize / maxBatchSize);
  let queueSize = 0;
  let isSending = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerDelay = 0;
  // Totals since the start: a flush waits until `completed` reaches the present `added`.
  let added = 0;
  let completed = 0;
  let flushTarget = 0;
  let waiting: { readonly until: number; resolve(): void }[] = [];

  function schedule() {
    const isFull = queue.length > 1 || queueSize >= maxBatchSize;
    const delay = isFull ? 0 : scheduleDelayMillis;
    if (isSending || (timer !== undefined && timerDelay <= delay)) return;
    clearTimeout(timer);
    timerDelay = delay;
    timer = setTimeout(sendBatch, delay);
    // Unref'ed, so it does not keep the program running. shutdown() exports the queue.
    timer.unref();
  }

  function sendBatch() {
    clearTimeout(timer);
    timer = undefined;
    const batch = isSending ? undefined : queue.shift();
    if (batch === undefined) return;
    isSending = true;
    // The exporter may empty the batch, so read its length first.
    const { length } = batch;
    queueSize -= length;
    // Requests of the exporter must not create spans.
    context.with(suppressTracing(ROOT_CONTEXT), () =>
      // `batch` comes from createBatch() of the same exporter, or is an array.
      exporter.export(batch as T[], () => {
        isSending = false;
        completed += length;
        for (const { until, resolve } of waiting) if (until <= completed) resolve();
        waiting = waiting.filter(({ until }) => until > completed);
        if (completed < flushTarget) sendBatch();
        else if (queueSize > 0) schedule();
      }),
    );
  }

  function forceFlush(): Promise<void> {
    if (completed === added) return Promise.resolve();
    flushTarget = added;
    return new Promise((resolve) => {
      waiting.push({ until: flushTarget, resolve });
      sendBatch();
    });
  }

  return {
    add(record, share = 1) {
      if (queueSize >= maxQueueSize * share) return onDrop('queue_full');
      const last = queue.at(-1);
      const hasRoom = last !== undefined && last.length < maxBatchSize && last.push(record) > 0;
      if (!hasRoom) {
        // Large records fill batches of megabytes each, so the number of batches is also limited.
        if (queue.length >= maxBatches * share) return onDrop('queue_full');
        const batch = createBatch();
        if (batch.push(record) === 0) return onDrop('unencodable');
        queue.push(batch);
      }
      queueSize += 1;
      added += 1;
      schedule();
    },
    forceFlush,
    async shutdown() {
      await forceFlush();
      await exporter.shutdown();
    },
    get queueSize() {
      return queueSize;
    },
  };
}
