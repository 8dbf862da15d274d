import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { type ExportResult, suppressTracing } from '@opentelemetry/core';
import type { BatchMaker } from 'opentelemetry-instrument-exporters';

/** Common interface of span and log record exporters. */
export interface PipelineExporter<T> extends BatchMaker<T> {
  /** Exports records and calls `done` exactly once. Never throws. */
  export(records: T[], done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

/** Common interface of span and log record processors. */
export interface RecordProcessor<T> {
  /**
   * Queues or drops a record.
   * @param share share of the queue that may be full when this record is added; default 1. A lower
   * share reserves room for other records.
   */
  add(record: T, share?: number): void;
  /** Resolves when all records added so far are exported or dropped. */
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Creates a processor that exports each record immediately. */
export function createSimpleProcessor<T>(exporter: PipelineExporter<T>): RecordProcessor<T> {
  let pending = 0;
  let waiting: (() => void)[] = [];

  function onExported() {
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
      // Requests of the exporter must not create spans.
      context.with(suppressTracing(ROOT_CONTEXT), () => exporter.export([record], onExported));
    },
    forceFlush,
    async shutdown() {
      // Some exporters complete their last exports only on shutdown, so run both at once.
      await Promise.all([exporter.shutdown(), forceFlush()]);
    },
  };
}
