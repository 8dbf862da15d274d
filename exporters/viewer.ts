import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Batch, ExporterOf, Signal } from './exporter.ts';
import type { ViewerSink } from './options.ts';
import { afterShutdown } from './terminal/index.ts';

/** The pages about metrics show the last 360 points. */
const METRIC_INTERVAL_MS = 10_000;

/**
 * Creates an exporter that hands records to the viewer in this process, by reference.
 *
 * A record reaches the viewer when it enters its batch. The export of the batch only reports the delivery.
 *
 * @throws Error if there is no viewer
 */
export function createViewerExporter(viewer: ViewerSink | undefined): ExporterOf<Signal> {
  if (viewer === undefined) {
    const advice = 'Run `npx opentelemetry-viewer`, and send OTLP to it.';
    throw new Error(`there is no viewer in this process. ${advice}`);
  }

  return {
    processor: 'batch',
    metricInterval: METRIC_INTERVAL_MS,
    describe: () => 'the viewer',
    traces: () => createRecordExporter((spans) => viewer.addSpans(spans)),
    metrics: () => createSink((metrics) => viewer.addMetrics(metrics)),
    logs: () => createRecordExporter((records) => viewer.addLogs(records)),
  };
}

function createSink<Records>(add: (records: Records) => void) {
  let isShutDown = false;
  return {
    export(records: Records, done: (result: ExportResult) => void) {
      if (isShutDown) return done(afterShutdown());
      add(records);
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: async () => {},
    async shutdown() {
      isShutDown = true;
    },
  };
}

function createRecordExporter<T>(add: (records: readonly T[]) => void) {
  const exporter = createSink<readonly T[]>((records) => {
    if (!(records instanceof HandedOver)) add(records);
  });
  return { ...exporter, createBatch: (): Batch<T> => new HandedOver(add) };
}

/** Counts records that the viewer already has. */
class HandedOver<T> implements Batch<T> {
  length = 0;
  readonly #add: (records: readonly T[]) => void;

  constructor(add: (records: readonly T[]) => void) {
    this.#add = add;
  }

  push(record: T): number {
    this.#add([record]);
    this.length += 1;
    return this.length;
  }
}
