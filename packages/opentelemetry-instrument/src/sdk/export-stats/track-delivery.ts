import { ExportResultCode } from '@opentelemetry/core';
import type { ExportOutcome, Obstructed } from 'opentelemetry-instrument-exporters';
import type { Delivery } from './delivery.ts';

interface BatchExporter<Batch> extends Obstructed {
  export(batch: Batch, done: (result: ExportOutcome) => void): void;
}

/**
 * Counts what `exporter` delivers, and gives up an export that takes too long.
 *
 * Its `export()` is replaced in place, since the SDK asks metric exporters for more than that. An
 * exporter that throws has failed; one that answers twice, or after its time, has answered once.
 * @param count records in a batch
 * @param timeoutMillis `Infinity` is no limit
 */
export function trackDelivery<Batch>(
  exporter: BatchExporter<Batch>,
  delivery: Delivery,
  count: (batch: Batch) => number,
  timeoutMillis: number,
): void {
  const send = exporter.export.bind(exporter);
  delivery.obstacle = () => exporter.obstacle?.();

  exporter.export = (batch, done) => {
    const size = count(batch);
    // Spans and log records are counted as they enter their processor, which may drop them; a data
    // point is made by being collected for this export.
    if (delivery.signal === 'metrics') delivery.make(size);
    let isSettled = false;
    const start = delivery.onExported && performance.now();
    const timer =
      timeoutMillis < MAX_TIMER
        ? setTimeout(
            () => settle({ code: ExportResultCode.FAILED, error: timeoutError() }),
            timeoutMillis,
          )
        : undefined;
    const settle = (result: ExportOutcome) => {
      if (isSettled) return delivery.ignoreAnswer();
      isSettled = true;
      clearTimeout(timer);
      const errorType = record(delivery, size, result);
      if (start !== undefined) {
        delivery.onExported?.((performance.now() - start) / 1_000, errorType);
      }
      done(result);
    };
    try {
      send(batch, settle);
    } catch (error) {
      settle({ code: ExportResultCode.FAILED, error: error as Error });
    }
  };
}

const MAX_TIMER = 2 ** 31 - 1;

function timeoutError(): Error {
  return Object.assign(new Error(), { name: 'TimeoutError' });
}

/** @returns the value of `error.type`; undefined if the export was a full success */
function record(delivery: Delivery, size: number, outcome: ExportOutcome): string | undefined {
  const { code, error, unencodable = 0 } = outcome;
  if (code === ExportResultCode.SUCCESS) {
    const { rejected } = delivery.counts;
    delivery.drop(unencodable, 'unencodable');
    delivery.deliver(size - unencodable);
    if (delivery.counts.rejected > rejected) return 'rejected';
    return unencodable > 0 ? 'unencodable' : undefined;
  }
  // Without an error nothing is lost: the reader of a pipe (`| head`) has seen enough.
  if (error === undefined) {
    delivery.unmake(size);
    return undefined;
  }
  // Of ours, or of an exporter that knows more about it.
  if (error.name === 'TimeoutError') {
    delivery.drop(size, 'timeout', error.message || undefined);
    return 'timeout';
  }
  const errorType = errorTypeOf(error);
  delivery.drop(size, 'failed', reason(error), errorType);
  return errorType;
}

/** A refused connection is an error without a message: its code tells. */
function reason(error: Error): string {
  return error.message || (error as { code?: string }).code || error.name;
}

/** Returns what names the failure best: the code of the error, that of its cause, or its class. */
function errorTypeOf(error: Error): string {
  const codes = [error, error.cause].map((each) => Object(each).code as unknown);
  const code = codes.find((each) => typeof each === 'string' || typeof each === 'number');
  return String(code ?? error.name) || '_OTHER';
}
