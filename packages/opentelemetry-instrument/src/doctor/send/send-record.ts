import { ExportResultCode } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { Exporter, ExportOutcome, Signal } from 'opentelemetry-instrument-exporters';
import { createLogRecord, createMetrics, createSpan, type Mark } from './test-records.ts';

export interface SentRecord {
  /** Trace ID of a span; null for the other signals. */
  readonly traceId: string | null;
  /** Never rejects, but may stay pending. */
  readonly outcome: Promise<ExportOutcome>;
}

/** Exports one record of a signal with the exporter of the app. */
export async function sendRecord(
  signal: Signal,
  exporter: Exporter,
  resource: Resource,
  mark: Mark,
): Promise<SentRecord> {
  const unsupported = new Error(`The exporter does not support ${signal}.`);
  switch (signal) {
    case 'traces': {
      const traces = exporter.traces();
      if (traces === null) throw unsupported;
      const span = createSpan(resource, mark);
      return { traceId: span.spanContext().traceId, outcome: exportOnce(traces, [span]) };
    }
    case 'metrics': {
      const metrics = exporter.metrics();
      if (metrics === null) throw unsupported;
      const data = await createMetrics(resource, mark, metrics);
      return { traceId: null, outcome: exportOnce(metrics, data) };
    }
    case 'logs': {
      const logs = exporter.logs();
      if (logs === null) throw unsupported;
      return { traceId: null, outcome: exportOnce(logs, [createLogRecord(resource, mark)]) };
    }
  }
}

interface SdkExporter<Batch> {
  export(batch: Batch, done: (outcome: ExportOutcome) => void): void;
  shutdown(): Promise<void>;
}

async function exportOnce<Batch>(
  exporter: SdkExporter<Batch>,
  batch: Batch,
): Promise<ExportOutcome> {
  const outcome = await new Promise<ExportOutcome>((resolve) => {
    try {
      exporter.export(batch, resolve);
    } catch (error) {
      resolve({ code: ExportResultCode.FAILED, error: error as Error });
    }
  });
  // Not awaited, as it may hang.
  exporter.shutdown().catch(() => {});
  return outcome;
}
