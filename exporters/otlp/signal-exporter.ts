import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  createOtlpNetworkExportDelegate,
  ExporterMetrics,
  type IExporterTransport,
} from '@opentelemetry/otlp-exporter-base';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { OnRejected } from '../../src/telemetry/exporter.ts';
import { reportRejections } from './rejections.ts';
import { createRetryingTransport } from './retrying-transport.ts';

/** What span, log and metric exporters have in common. */
export interface SignalExporter<Records> {
  export(records: Records, done: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Exports that wait for an answer at the same time. The processors make one, the reader few. */
const CONCURRENCY = 30;

/** Assembles the exporter of one signal. @param timeoutMillis for one export with all its retries */
export function createSignalExporter<Records>(
  transport: IExporterTransport,
  serializer: ISerializer<Records, object>,
  timeoutMillis: number,
  onRejected: OnRejected,
): SignalExporter<Records> {
  const delegate = createOtlpNetworkExportDelegate(
    { timeoutMillis, concurrencyLimit: CONCURRENCY, compression: 'none' },
    reportRejections(serializer, onRejected),
    noMetrics<Records>(),
    createRetryingTransport(transport),
  );
  let isShutDown = false;
  return {
    export(records, done) {
      if (isShutDown) return done(failed('records came after shutdown(): export them before'));
      try {
        delegate.export(records, done);
      } catch (cause) {
        done(failed(`a record cannot be encoded (${cause}): correct its attributes`, cause));
      }
    },
    forceFlush: () => delegate.forceFlush(),
    shutdown() {
      isShutDown = true;
      return delegate.shutdown();
    },
  };
}

/** The SDK's metrics of its exporters, off: every `Delivery` makes ours, for all exporters alike. */
function noMetrics<Records>(): ExporterMetrics<Records> {
  return new ExporterMetrics({
    componentType: 'none',
    metricsHelper: { name: 'span', countItems: () => 0 },
    url: undefined,
    meterProvider: undefined,
    responseAttributesFromError: () => ({}),
  });
}

function failed(message: string, cause?: unknown): ExportResult {
  return { code: ExportResultCode.FAILED, error: new Error(message, { cause }) };
}
