import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Writer } from './writer.ts';

/** The methods that span, log and metric exporters have in common. */
export interface RecordExporter<T> {
  export(records: readonly T[], done: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Creates an exporter that writes each record as formatted by `format`. An exception fails the export. */
export function createRecordExporter<T>(
  writer: Writer,
  format: (record: T) => string,
): RecordExporter<T> {
  let isShutDown = false;
  return {
    export(records, done) {
      if (isShutDown) return done(afterShutdown());
      let text: string;
      try {
        text = records.map(format).join('');
      } catch (cause) {
        return done(unprintable(cause));
      }
      writer.write(text, done);
    },
    forceFlush: () => writer.flush(),
    shutdown() {
      isShutDown = true;
      return writer.flush();
    },
  };
}

/** Returns the result of an export after shutdown(), which fails according to the specification. */
export function afterShutdown(): ExportResult {
  const error = new Error('A record came after shutdown() and was dropped. Export it before.');
  return { code: ExportResultCode.FAILED, error };
}

/** Returns the result of an export whose formatting threw. */
export function unprintable(cause: unknown): ExportResult {
  const error = new Error('A record could not be printed and was dropped.', { cause });
  return { code: ExportResultCode.FAILED, error };
}
