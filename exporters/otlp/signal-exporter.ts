import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  createOtlpNetworkExportDelegate,
  ExporterMetrics,
  type IExporterTransport,
} from '@opentelemetry/otlp-exporter-base';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { OtlpSettings } from '../../src/settings.ts';
import type { Obstructed, OnRejected } from '../../src/telemetry/exporter.ts';
import { addressOf } from './destination.ts';
import { reportRejections } from './rejections.ts';
import { createRetryingTransport } from './retrying-transport.ts';

/** What span, log and metric exporters have in common. */
export interface SignalExporter<Records> extends Obstructed {
  export(records: Records, done: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Exports that wait for an answer at the same time. The processors make one, the reader few. */
const CONCURRENCY = 30;

/** Assembles the exporter of one signal. */
export function createSignalExporter<Records>(
  transport: IExporterTransport,
  serializer: ISerializer<Records, object>,
  settings: OtlpSettings,
  onRejected: OnRejected,
): SignalExporter<Records> {
  const { timeoutMillis } = settings;
  const retrying = createRetryingTransport(transport, addressOf(settings));
  const delegate = createOtlpNetworkExportDelegate(
    { timeoutMillis, concurrencyLimit: CONCURRENCY, compression: 'none' },
    reportRejections(serializer, settings, onRejected),
    noMetrics<Records>(),
    retrying,
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
    obstacle: retrying.obstacle,
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
