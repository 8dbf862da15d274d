import process from 'node:process';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Exporter } from './exporter.ts';
import { afterShutdown, unprintable } from './terminal/record-exporter.ts';
import { readTerminal, type Terminal } from './terminal/terminal.ts';
import { errorWriter, type Writer } from './terminal/writer.ts';
import type { Branch } from './tree/build-tree.ts';
import { formatBranch } from './tree/format-tree.ts';
import { createTraceBuffer } from './tree/trace-buffer.ts';
import { type Entry, logEntry, spanEntry } from './tree/trace-record.ts';

export interface TreeOptions {
  /** Default: standard error. */
  readonly writer?: Writer;
  /** Asked for every tree, since a window can be resized. Default: what standard error is. */
  readonly terminal?: () => Terminal;
}

/**
 * Prints each request on stderr as a tree of its spans and log records, when it has ended.
 *
 * What belongs to no request that is shown gets a line of its own; so do the log records of a request
 * that takes longer than a second.
 */
export function createExporter({
  writer = errorWriter,
  terminal = () => readTerminal(process.stderr, process.env),
}: TreeOptions = {}): Exporter {
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
