import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Batch } from 'opentelemetry-instrument-exporters';
import type { PipelineExporter, RecordProcessor } from './simple-processor.ts';

export interface BatchOptions {
  /** Records that may wait; what comes beyond is dropped. */
  readonly maxQueueSize: number;
  /** Records in one export. */
  readonly maxBatchSize: number;
  /** Milliseconds that a record waits for others; 0 exports at once. */
  readonly scheduleDelayMillis: number;
}

/**
 * Collects records and exports them batch by batch, one at a time. Each goes into its batch as it
 * comes, which may encode it there and then.
 *
 * As the SDK's batch processors do, for spans and log records alike, with three differences: what does
 * not fit is told, `forceFlush()` waits for the batch in flight, too, and no request pays for the
 * encoding of a batch that it fills.
 * @param onDrop a record was dropped: the queue was full, or not even an empty batch could take it
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor
 */
export function createBatchProcessor<T>(
  exporter: PipelineExporter<T>,
  { maxQueueSize, maxBatchSize, scheduleDelayMillis }: BatchOptions,
  onDrop: (reason: 'queue_full' | 'unencodable') => void,
): RecordProcessor<T> & { readonly queueSize: number } {
  const createBatch = (): Batch<T> => exporter.createBatch?.() ?? [];
  /** Batches that wait, of which all but the last are full: of records, or of bytes. */
  const queue: Batch<T>[] = [];
  const maxBatches = Math.ceil(maxQueueSize / maxBatchSize);
  let queueSize = 0;
  let isSending = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerDelay = 0;
  // Counted from the start, so that a flush knows the last record it waits for.
  let added = 0;
  let answered = 0;
  let flushing = 0;
  let waiting: { readonly until: number; resolve(): void }[] = [];

  function schedule() {
    const isFull = queue.length > 1 || queueSize >= maxBatchSize;
    const delay = isFull ? 0 : scheduleDelayMillis;
    if (isSending || (timer !== undefined && timerDelay <= delay)) return;
    clearTimeout(timer);
    timerDelay = delay;
    timer = setTimeout(sendBatch, delay);
    // It does not keep a program alive: who ends one calls shutdown().
    timer.unref();
  }

  function sendBatch() {
    clearTimeout(timer);
    timer = undefined;
    const batch = isSending ? undefined : queue.shift();
    if (batch === undefined) return;
    isSending = true;
    // A batch may be empty once it is exported.
    const { length } = batch;
    queueSize -= length;
    // The exporter's own requests are no part of any trace.
    context.with(suppressTracing(ROOT_CONTEXT), () =>
      // It takes what its own createBatch() has made.
      exporter.export(batch as T[], () => {
        isSending = false;
        answered += length;
        for (const { until, resolve } of waiting) if (until <= answered) resolve();
        waiting = waiting.filter(({ until }) => until > answered);
        if (answered < flushing) sendBatch();
        else if (queueSize > 0) schedule();
      }),
    );
  }

  function forceFlush(): Promise<void> {
    if (answered === added) return Promise.resolve();
    flushing = added;
    return new Promise((resolve) => {
      waiting.push({ until: flushing, resolve });
      sendBatch();
    });
  }

  return {
    add(record, share = 1) {
      if (queueSize >= maxQueueSize * share) return onDrop('queue_full');
      const last = queue.at(-1);
      const hasRoom = last !== undefined && last.length < maxBatchSize && last.push(record) > 0;
      if (!hasRoom) {
        // No more of those that large records fill: each may take megabytes.
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
