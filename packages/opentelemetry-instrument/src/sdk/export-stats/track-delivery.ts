import { ExportResultCode } from '@opentelemetry/core';
import type { ExportOutcome, ReportsPendingReason } from 'opentelemetry-instrument-exporters';
import { withExport } from '../with-export.ts';
import type { Delivery } from './delivery.ts';

/** The part of an exporter that is tracked. */
export interface BatchExporter<Batch> extends ReportsPendingReason {
  export(batch: Batch, done: (outcome: ExportOutcome) => void): void;
}

/**
 * Returns an exporter that counts what `exporter` delivers and abandons exports that take too long.
 *
 * Exporters that throw have failed. Only the first outcome within the time limit counts.
 * @param count returns the number of records in a batch
 * @param timeoutMillis time limit of one export; `Infinity` means no limit
 */
export function trackDelivery<Batch, E extends BatchExporter<Batch>>(
  exporter: E,
  delivery: Delivery,
  count: (batch: Batch) => number,
  timeoutMillis: number,
): E {
  delivery.pendingReason = () => exporter.pendingReason?.();

  function trackedExport(batch: Batch, done: (outcome: ExportOutcome) => void): void {
    const size = count(batch);
    // Spans and log records are counted when they enter their processor, which may drop them. Data
    // points are created by the collection for this export.
    if (delivery.signal === 'metrics') delivery.create(size);
    let isSettled = false;
    const start = delivery.onExported && performance.now();
    const timer =
      timeoutMillis < MAX_TIMER_MS
        ? setTimeout(
            () => settle({ code: ExportResultCode.FAILED, error: timeoutError() }),
            timeoutMillis,
          )
        : undefined;
    const settle = (outcome: ExportOutcome) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      const errorType = countOutcome(delivery, size, outcome);
      if (start !== undefined) {
        delivery.onExported?.((performance.now() - start) / 1_000, errorType);
      }
      done(outcome);
    };
    try {
      exporter.export(batch, settle);
    } catch (error) {
      settle({ code: ExportResultCode.FAILED, error: error as Error });
    }
  }

  return withExport(exporter, trackedExport);
}

/** The longest delay of `setTimeout()`. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function timeoutError(): Error {
  return Object.assign(new Error(), { name: 'TimeoutError' });
}

/** Counts the records of an export. Returns the `error.type`; undefined if the export succeeded fully. */
function countOutcome(
  delivery: Delivery,
  size: number,
  { code, error, description, rejected, unencodable = 0 }: ExportOutcome,
): string | undefined {
  if (code === ExportResultCode.SUCCESS) {
    delivery.drop(unencodable, 'unencodable');
    delivery.complete(size - unencodable, rejected);
    if (rejected && size > unencodable) return 'rejected';
    return unencodable > 0 ? 'unencodable' : undefined;
  }
  // A failure without an error loses nothing: the reader of a pipe (`| head`) closed it.
  if (error === undefined) {
    delivery.discard(size);
    return undefined;
  }
  // The time limit above, or that of an exporter, which has a message.
  if (error.name === 'TimeoutError') {
    const own = error.message ? { problem: error.message } : undefined;
    delivery.drop(size, 'timeout', description ?? own);
    return 'timeout';
  }
  const errorType = errorTypeOf(error);
  delivery.drop(size, 'failed', description ?? { problem: reasonOf(error) }, errorType);
  return errorType;
}

/** Returns the reason for a failure. The error of a refused connection has a code, but no message. */
function reasonOf(error: Error): string {
  return error.message || (error as { code?: string }).code || error.name;
}

/** Returns the most specific name of a failure: the code of the error, that of its cause, or its class. */
function errorTypeOf(error: Error): string {
  const codes = [error, error.cause].map((each) => Object(each).code as unknown);
  const code = codes.find((each) => typeof each === 'string' || typeof each === 'number');
  return String(code ?? error.name) || '_OTHER';
}
