import process from 'node:process';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ExporterOf } from './exporter.ts';
import { afterShutdown, unprintable } from './terminal/record-exporter.ts';
import { readTerminal, type Terminal } from './terminal/terminal.ts';
import { errorWriter, type Writer } from './terminal/writer.ts';
import type { Branch } from './tree/build-tree.ts';
import { formatBranch } from './tree/format-tree.ts';
import { createTraceBuffer } from './tree/trace-buffer.ts';
import { type Entry, logEntry, spanEntry } from './tree/trace-record.ts';

/** Options of `createTreeExporter()`. */
export interface TreeOptions {
  /** @default standard error */
  readonly writer?: Writer;
  /**
   * Returns the width and the colors of the output. Called for every tree, since windows are resized.
   * @default those of standard error
   */
  readonly terminal?: () => Terminal;
}

/**
 * Creates an exporter that prints each request as a tree of its spans and log records when the request
 * has ended.
 *
 * Records outside of a request get separate lines. So do the log records of a request that takes longer
 * than a second.
 *
 * @example
 * ```ts
 * import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
 * import { createTreeExporter } from 'opentelemetry-instrument-exporters/tree';
 *
 * const spans = new BatchSpanProcessor(createTreeExporter().traces());
 * const provider = new BasicTracerProvider({ spanProcessors: [spans] });
 * ```
 */
export function createTreeExporter({
  writer = errorWriter,
  terminal = () => readTerminal(process.stderr, process.env),
}: TreeOptions = {}): ExporterOf<'traces' | 'logs'> {
  let areSpansExpected = false;
  const buffer = createTraceBuffer({
    areSpansExpected: () => areSpansExpected,
    show(branch, dropped) {
      const done: Entry['done'] = (result) => settle(branch, result);
      try {
        writer.write(formatBranch(branch, dropped, terminal()), done);
      } catch (cause) {
        done(unprintable(cause));
      }
    },
  });

  function createTreeExporter<T>(toEntry: (record: T, done: Entry['done']) => Entry) {
    let isShutDown = false;
    return {
      export(records: readonly T[], done: Entry['done']) {
        if (isShutDown) return done(afterShutdown());
        const doneWithOne = afterAll(records.length, done);
        for (const record of records) buffer.add(toEntry(record, doneWithOne));
      },
      forceFlush() {
        buffer.flush();
        return writer.flush();
      },
      shutdown() {
        isShutDown = true;
        return this.forceFlush();
      },
    };
  }

  return {
    processor: 'simple',
    metricInterval: 60_000,
    describe: () => 'stderr',
    traces() {
      const spans = createTreeExporter(spanEntry);
      areSpansExpected = true;
      return {
        ...spans,
        shutdown() {
          areSpansExpected = false;
          return spans.shutdown();
        },
      };
    },
    metrics: () => null,
    logs: () => createTreeExporter(logEntry),
  };
}

function settle({ entry, children }: Branch, result: ExportResult) {
  entry.done(result);
  for (const child of children) settle(child, result);
}

/** A callback for each of `count` records that calls `done` with the last: one failure fails all. */
function afterAll(count: number, done: Entry['done']): Entry['done'] {
  let left = count;
  let outcome: ExportResult = { code: ExportResultCode.SUCCESS };
  if (left === 0) done(outcome);
  return (result) => {
    if (result.code === ExportResultCode.FAILED) outcome = result;
    if (--left === 0) done(outcome);
  };
}
