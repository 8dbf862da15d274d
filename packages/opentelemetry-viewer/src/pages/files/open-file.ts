import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { decodeLogRecords, decodeSpans } from 'opentelemetry-instrument-exporters/decode';
import { jaegerToOtlp, type SavedJaegerTrace } from './jaeger-to-otlp.ts';

/** Records of an opened file. */
export interface OpenedFile {
  readonly spans: ReadableSpan[];
  readonly logs: ReadableLogRecord[];
}

/**
 * Reads the traces and logs of a file.
 *
 * Formats: OTLP JSON, the Collector's file exporter (one document a
 * line), Jaeger's API v3 (`{"result":…}`) or Jaeger's "Trace JSON" (`{"data":[…]}`).
 * @returns undefined when the file is none of these
 */
export async function readTelemetryFile(text: string): Promise<OpenedFile | undefined> {
  const file: OpenedFile = { spans: [], logs: [] };
  try {
    for (const line of splitDocuments(text)) {
      readDocument(JSON.parse(line), file);
      // A large file has many lines. Requests are served in between.
      await new Promise((resolve) => setTimeout(resolve));
    }
  } catch {
    // Not JSON, or not what it seems to be.
    return undefined;
  }
  return file.spans.length + file.logs.length > 0 ? file : undefined;
}

/** Returns the lines of a file if each is a document, else the whole file as one. */
function splitDocuments(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const documents = lines.filter((line) => line !== '');
  const areObjects = documents.every((line) => line.startsWith('{') && line.endsWith('}'));
  return documents.length > 1 && areObjects ? documents : [text];
}

interface TelemetryDocument {
  readonly result?: object;
  readonly data?: readonly SavedJaegerTrace[];
}

function readDocument(document: TelemetryDocument, { spans, logs }: OpenedFile): void {
  const { result = document, data = [] } = document;
  for (const request of [result, ...data.map(jaegerToOtlp)]) {
    for (const span of decodeSpans(request).records) spans.push(span);
    for (const record of decodeLogRecords(request).records) logs.push(record);
  }
}
