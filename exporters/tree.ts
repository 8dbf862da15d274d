import process from 'node:process';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ExporterOf } from './exporter.ts';
import {
  afterShutdown,
  errorWriter,
  readTerminal,
  type Terminal,
  unprintable,
  type Writer,
} from './terminal/index.ts';
import { isPageSpan } from './tree/describe-page.ts';
import { formatPageLine, formatTree, type TreeFormat } from './tree/format-tree.ts';
import { createTraceBuffer } from './tree/trace-buffer.ts';
import { type TraceNode, type TraceRecord, toLogRecord, toSpanRecord } from './tree/trace-tree.ts';

export type { Terminal, Writer };

/** Options of `createTreeExporter()`. */
export interface TreeOptions {
  /** @default standard error */
  readonly writer?: Writer;
  /**
   * Returns the width and the colors of the output. Called for every tree, since windows are resized.
   * @default those of standard error
   */
  readonly terminal?: () => Terminal;
  /** Start of a trace's URL, which its id is added to. @default traces are printed without a URL */
  readonly traceUrl?: string | undefined;
  /** Shows the load and the errors of web pages, one line each. @default true */
  readonly showPages?: boolean;
  /** Milliseconds from which a span is marked as slow. @default 500 */
  readonly slowMillis?: number;
}

/**
 * Creates an exporter that prints each request as a tree of its spans and log records when the request
 * has ended.
 *
 * Records outside of a request get separate lines. So do the log records of a request that takes longer
 * than a second. Of the spans of web pages, only loads and errors are shown.
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
  traceUrl,
  showPages = true,
  slowMillis = 500,
}: TreeOptions = {}): ExporterOf<'traces' | 'logs'> {
  let areSpansExpected = false;
  const buffer = createTraceBuffer({
    areSpansExpected: () => areSpansExpected,
    show(node, dropped) {
      const done: TraceRecord['done'] = (result) => settle(node, result);
      try {
        const text = format(node, dropped, { terminal: terminal(), traceUrl, slowMillis });
        if (text === undefined) done({ code: ExportResultCode.SUCCESS });
        else writer.write(text, done);
      } catch (cause) {
        done(unprintable(cause));
      }
    },
  });

  function format(node: TraceNode, dropped: number, look: TreeFormat): string | undefined {
    const { entry } = node;
    if (entry.kind === 'log' || !isPageSpan(entry.span)) return formatTree(node, dropped, look);
    return showPages ? formatPageLine(entry, look) : undefined;
  }

  function createSignalTree<T>(toRecord: (record: T, done: TraceRecord['done']) => TraceRecord) {
    let isShutDown = false;
    return {
      export(records: readonly T[], done: TraceRecord['done']) {
        if (isShutDown) return done(afterShutdown());
        const doneWithOne = afterAll(records.length, done);
        for (const record of records) buffer.add(toRecord(record, doneWithOne));
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
      const spans = createSignalTree(toSpanRecord);
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
    logs: () => createSignalTree(toLogRecord),
  };
}

function settle({ entry, children }: TraceNode, result: ExportResult) {
  entry.done(result);
  for (const child of children) settle(child, result);
}

/** Returns a callback for each of `count` records. The last call calls `done`; one failure fails all. */
function afterAll(count: number, done: TraceRecord['done']): TraceRecord['done'] {
  let left = count;
  let outcome: ExportResult = { code: ExportResultCode.SUCCESS };
  if (left === 0) done(outcome);
  return (result) => {
    if (result.code === ExportResultCode.FAILED) outcome = result;
    if (--left === 0) done(outcome);
  };
}
