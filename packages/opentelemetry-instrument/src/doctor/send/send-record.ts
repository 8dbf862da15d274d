import { ExportResultCode } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { Exporter, ExportOutcome, Signal } from 'opentelemetry-instrument-exporters';
import { type Mark, makeLogRecord, makeMetrics, makeSpan } from './test-records.ts';

/** What the exporter says of its record. */
export type Sent =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'partial'; readonly rejected: number; readonly message: string }
  /** `code` is the status of HTTP or gRPC, where there was one. */
  | { readonly kind: 'failed'; readonly code: number | null; readonly message: string };

export interface Sending {
  /** Of the span; null for the other signals. */
  readonly traceId: string | null;
  /** Never rejects, but may take for ever. */
  readonly sent: Promise<Sent>;
}

/** Gives one record of a signal to the exporter of the app. */
export async function sendRecord(
  signal: Signal,
  exporter: Exporter,
  resource: Resource,
  mark: Mark,
): Promise<Sending> {
  const none = new Error(`The exporter has nothing for ${signal}.`);
  if (signal === 'traces') {
    const traces = exporter.traces();
    if (traces === null) throw none;
    const span = makeSpan(resource, mark);
    return { traceId: span.spanContext().traceId, sent: exportOnce(traces, [span]) };
  }
  if (signal === 'metrics') {
    const metrics = exporter.metrics();
    if (metrics === null) throw none;
    const data = await makeMetrics(resource, mark, metrics);
    return { traceId: null, sent: exportOnce(metrics, data) };
  }
  const logs = exporter.logs();
  if (logs === null) throw none;
  return { traceId: null, sent: exportOnce(logs, [makeLogRecord(resource, mark)]) };
}

interface OneExporter<Batch> {
  export(batch: Batch, done: (outcome: ExportOutcome) => void): void;
  shutdown(): Promise<void>;
}

async function exportOnce<Batch>(exporter: OneExporter<Batch>, batch: Batch): Promise<Sent> {
  const result = await new Promise<ExportOutcome>((resolve) => {
    try {
      exporter.export(batch, resolve);
    } catch (error) {
      resolve({ code: ExportResultCode.FAILED, error: error as Error });
    }
  });
  // It may hang as long as it likes: the answer is known.
  exporter.shutdown().catch(() => {});

  if (result.code === ExportResultCode.FAILED) return failure(result.error);
  const { rejected } = result;
  return rejected
    ? { kind: 'partial', rejected: rejected.count, message: rejected.message }
    : { kind: 'accepted' };
}

function failure(
  error: (Error & { code?: unknown; data?: unknown; details?: unknown }) | undefined,
) {
  const { code, data, details, message } = error ?? {};
  return {
    kind: 'failed',
    code: typeof code === 'number' ? code : null,
    message: String(data || details || message || code || 'The exporter gives no reason.'),
  } as const;
}
