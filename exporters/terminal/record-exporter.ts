import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Writer } from './writer.ts';

/** What span, log and metric exporters have in common. */
export interface RecordExporter<T> {
  export(records: readonly T[], done: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Writes each record as the text that `format` makes of it; one that throws fails its export. */
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

/** The result of an export after shutdown(), which the specification wants to fail. */
export function afterShutdown(): ExportResult {
  const error = new Error('A record came after shutdown() and was dropped. Export it before.');
  return { code: ExportResultCode.FAILED, error };
}

/** The result of an export whose formatting threw. */
export function unprintable(cause: unknown): ExportResult {
  const error = new Error('A record could not be printed and was dropped.', { cause });
  return { code: ExportResultCode.FAILED, error };
}
