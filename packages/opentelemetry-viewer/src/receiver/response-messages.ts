import type { Signal } from 'opentelemetry-instrument-exporters';
import { ProtobufWriter } from 'opentelemetry-instrument-exporters/encode';
import type { AcceptedExport } from './accept-export.ts';

const REJECTED_FIELDS: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};

/** Returns an `ExportTraceServiceResponse`, or that of another signal, as JSON. */
export function exportResponseJson(signal: Signal, { rejected, errorMessage }: AcceptedExport) {
  if (rejected === 0) return {};
  return { partialSuccess: { [REJECTED_FIELDS[signal]]: String(rejected), errorMessage } };
}

/** Encodes an `ExportTraceServiceResponse`, or that of another signal: their fields are the same. */
export function encodeExportResponse({ rejected, errorMessage }: AcceptedExport): Uint8Array {
  const writer = new ProtobufWriter(new Uint8Array(0));
  if (rejected === 0) return writer.written();
  const start = writer.begin(1);
  writer.varint(1, rejected);
  writer.string(2, errorMessage);
  writer.end(start);
  return writer.written();
}

/** Encodes a `google.rpc.Status` with a message. */
export function encodeStatus(message: string): Uint8Array {
  const writer = new ProtobufWriter(new Uint8Array(0));
  writer.string(2, message);
  return writer.written();
}
