import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Batch } from 'opentelemetry-instrument-exporters';
import type { Delivery } from '../sdk/export-stats/index.ts';
import type { PipelineExporter } from '../sdk/simple-processor.ts';
import { invocationOf } from './invocation.ts';

/** Records of one signal that wait for their export. */
export interface RecordQueue<T> {
  /** Adds or drops a record. @param share share of the queue that may be full; default 1 */
  add(record: T, share?: number): void;
  /** Exports what is queued. Resolves when those exports have ended. Never rejects. */
  flush(): Promise<void>;
}

/** Options of `createRecordQueue()`. */
export interface QueueOptions {
  /** Maximum number of queued records. Further records are dropped. */
  readonly maxQueueSize: number;
  /** Maximum number of records in one export. */
  readonly maxBatchSize: number;
  /** Timeout of one export. */
  readonly timeoutMillis: number;
}

/** An export that has not ended. */
interface RunningExport {
  readonly length: number;
  readonly expiresAt: number;
}

/** Records that are being exported, of all invocations: about 10 MB. */
const MAX_EXPORTING = 16_384;
/** Time after the timeout of an export at which its invocation must have been canceled. */
const CANCELED_AFTER_MS = 10_000;

/**
 * Creates a queue that is shared by all invocations of an isolate. The invocation that flushes it exports the
 * records of all others that have ended, so none depends on the invocation that it belongs to.
 *
 * A full batch is exported at once, within the invocation that filled it. There are no timers: a timer ends
 * with its invocation.
 */
export function createRecordQueue<T>(
  exporter: PipelineExporter<T>,
  delivery: Delivery,
  { maxQueueSize, maxBatchSize, timeoutMillis }: QueueOptions,
): RecordQueue<T> {
  const createBatch = (): Batch<T> => exporter.createBatch?.() ?? [];
  /** Waiting batches. All except the last are full, by records or by bytes. */
  let queue: Batch<T>[] = [];
  let queueSize = 0;
  const running = new Set<RunningExport>();
  delivery.queueSize = () => queueSize;
  delivery.queueCapacity = maxQueueSize;

  function add(record: T, share = 1): void {
    delivery.create(1);
    if (queueSize >= maxQueueSize * share) {
      delivery.drop(1, 'queue_full');
      return;
    }
    const last = queue.at(-1);
    const hasRoom = last !== undefined && last.length < maxBatchSize && last.push(record) > 0;
    if (!hasRoom) {
      const batch = createBatch();
      if (batch.push(record) === 0) {
        delivery.drop(1, 'unencodable');
        return;
      }
      queue.push(batch);
    }
    queueSize += 1;
    const isFull = queue.length > 1 || queueSize >= maxBatchSize;
    if (isFull) invocationOf()?.waitUntil(flush());
  }

  /** Counts the exports of canceled invocations: their promises never settle. */
  function dropCanceled(): void {
    const now = Date.now();
    for (const each of running) {
      if (each.expiresAt > now) break;
      running.delete(each);
      const problem = 'the invocation was canceled during the export';
      delivery.drop(each.length, 'timeout', { problem });
    }
  }

  async function flush(): Promise<void> {
    dropCanceled();
    const exporting = [...running].reduce((sum, { length }) => sum + length, 0);
    if (queueSize === 0 || exporting + queueSize > MAX_EXPORTING) return;
    const batches = queue;
    queue = [];
    queueSize = 0;
    await Promise.all(batches.map(send));
  }

  function send(batch: Batch<T>): Promise<void> {
    const entry = {
      length: batch.length,
      expiresAt: Date.now() + timeoutMillis + CANCELED_AFTER_MS,
    };
    running.add(entry);
    return new Promise((resolve) => {
      // Requests of the exporter must not create spans.
      context.with(suppressTracing(ROOT_CONTEXT), () =>
        // `batch` comes from createBatch() of the same exporter, or is an array.
        exporter.export(batch as T[], () => {
          running.delete(entry);
          resolve();
        }),
      );
    });
  }

  return { add, flush };
}
