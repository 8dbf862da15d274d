import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { type ExportResult, suppressTracing } from '@opentelemetry/core';
import type { BatchMaker } from 'opentelemetry-instrument-exporters';

/** What span and log record exporters have in common. */
export interface PipelineExporter<T> extends BatchMaker<T> {
  /** Calls back once, and never throws. */
  export(records: T[], done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

/** What span and log record processors have in common. */
export interface RecordProcessor<T> {
  /**
   * Takes a record, or drops it.
   * @param share of the queue beyond which this record is dropped, for records that must leave room for others; default 1
   */
  add(record: T, share?: number): void;
  /** Resolves when the exporter has answered for all that was added until now. */
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Exports each record as it comes. */
export function createSimpleProcessor<T>(exporter: PipelineExporter<T>): RecordProcessor<T> {
  let pending = 0;
  let waiting: (() => void)[] = [];

  function answered() {
    pending -= 1;
    if (pending > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  function forceFlush(): Promise<void> {
    if (pending === 0) return Promise.resolve();
    return new Promise((resolve) => void waiting.push(resolve));
  }

  return {
    add(record) {
      pending += 1;
      // The exporter's own requests are no part of any trace.
      context.with(suppressTracing(ROOT_CONTEXT), () => exporter.export([record], answered));
    },
    forceFlush,
    async shutdown() {
      // Some exporters answer for the last records only once they are shut down.
      await Promise.all([exporter.shutdown(), forceFlush()]);
    },
  };
}
