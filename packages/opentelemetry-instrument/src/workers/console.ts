import { SeverityNumber } from '@opentelemetry/api-logs';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { printable, printableLines } from 'opentelemetry-instrument-exporters';

/** Writes a message to the Worker's log. Control characters are replaced. */
export function writeMessage(message: string): void {
  // biome-ignore lint/suspicious/noConsole: a Worker has no other output.
  console.warn(printableLines(message));
}

/** Shows each log record in the Worker's log as one line, whatever else happens to it. */
export const consoleLogs: LogRecordProcessor = {
  onEmit: (record) => writeLine(record.severityNumber ?? SeverityNumber.UNSPECIFIED, record),
  forceFlush: async () => {},
  shutdown: async () => {},
};

function writeLine(severity: SeverityNumber, record: ReadableLogRecord): void {
  const { severityText = 'INFO', body, attributes, spanContext, instrumentationScope } = record;
  const facts = Object.entries(attributes).map(([key, value]) => `${key}=${toText(value)}`);
  if (spanContext) facts.push(`trace_id=${spanContext.traceId}`);
  const line = printable(
    [severityText, instrumentationScope.name, toText(body), ...facts].join(' '),
  );
  // biome-ignore-start lint/suspicious/noConsole: a Worker has no other output.
  if (severity >= SeverityNumber.ERROR) console.error(line);
  else if (severity >= SeverityNumber.WARN) console.warn(line);
  else console.log(line);
  // biome-ignore-end lint/suspicious/noConsole: a Worker has no other output.
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return '[unreadable]';
  }
}
