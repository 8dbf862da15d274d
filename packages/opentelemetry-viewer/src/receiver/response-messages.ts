import type { Signal } from 'opentelemetry-instrument-exporters';
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
  if (rejected === 0) return new Uint8Array();
  const count = [0x08, ...varint(rejected)];
  return Uint8Array.from(delimited(1, [...count, ...text(2, errorMessage)]));
}

/** Encodes a `google.rpc.Status` with a message. */
export function encodeStatus(message: string): Uint8Array {
  return Uint8Array.from(text(2, message));
}

function text(field: number, value: string): number[] {
  return delimited(field, [...new TextEncoder().encode(value)]);
}

function delimited(field: number, bytes: readonly number[]): number[] {
  return [field * 8 + 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
