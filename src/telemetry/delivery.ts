import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Signal } from './exporter.ts';

/**
 * What became of one signal's records on the way to one exporter: spans, log records or metric data
 * points. All that was neither delivered nor rejected is on its way, or was dropped.
 */
export interface Delivery {
  readonly signal: Signal;
  readonly exporter: string;
  made: number;
  /** Accepted by the other end. */
  delivered: number;
  /** Refused by the other end in a partial success. */
  rejected: number;
}

const UNITS: Readonly<Record<Signal, string>> = {
  traces: 'spans',
  metrics: 'data points',
  logs: 'log records',
};

export function createDelivery(signal: Signal, exporter: string): Delivery {
  return { signal, exporter, made: 0, delivered: 0, rejected: 0 };
}

/** Moves what the other end refused of a batch that it took. */
export function reject(delivery: Delivery, count: number): void {
  delivery.delivered -= count;
  delivery.rejected += count;
}

/** A sentence on what was lost, once everything has been shut down; undefined when nothing was. */
export function loss({
  signal,
  exporter,
  made,
  delivered,
  rejected,
}: Delivery): string | undefined {
  const dropped = made - delivered - rejected;
  if (dropped === 0 && rejected === 0) return undefined;
  return (
    `Lost on the way to ${exporter}: of ${made} ${UNITS[signal]} made, ${delivered} were delivered, ` +
    `${rejected} rejected by the other end, ${dropped} dropped.`
  );
}

interface BatchExporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
}

/**
 * Counts what `exporter` delivers, and says when it begins to fail and when it works again.
 *
 * Its `export()` is replaced in place, since the SDK asks metric exporters for more than that. An
 * exporter that throws has failed; one that answers twice has answered once.
 * @param count records in a batch
 * @param tell takes a sentence for a person
 */
export function trackDelivery<Batch>(
  exporter: BatchExporter<Batch>,
  delivery: Delivery,
  count: (batch: Batch) => number,
  tell: (sentence: string) => void,
): void {
  const send = exporter.export.bind(exporter);
  const route = `${delivery.signal} to ${delivery.exporter}`;
  let isFailing = false;

  exporter.export = (batch, done) => {
    const size = count(batch);
    // Spans and log records are counted as they enter their processor, which may drop them; a data
    // point is made by being collected for this export.
    if (delivery.signal === 'metrics') delivery.made += size;
    let isSettled = false;
    const settle = (result: ExportResult) => {
      if (isSettled) return;
      isSettled = true;
      const failed = result.code === ExportResultCode.FAILED;
      if (!failed) delivery.delivered += size;
      // Without an error nothing is lost: the reader of a pipe (`| head`) has seen enough, and what
      // comes after that counts as never made.
      else if (!result.error) delivery.made -= size;
      if (result.error && !isFailing) tell(`Exporting ${route} fails: ${reason(result.error)}.`);
      if (isFailing && !failed) tell(`Exporting ${route} works again.`);
      isFailing = failed && result.error !== undefined;
      done(result);
    };
    try {
      send(batch, settle);
    } catch (error) {
      settle({ code: ExportResultCode.FAILED, error: error as Error });
    }
  };
}

/** A refused connection is an error without a message: its code tells. */
function reason(error: Error): string {
  return error.message || (error as { code?: string }).code || error.name;
}
