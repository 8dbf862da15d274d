import { SeverityNumber } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { toJsonSafe, toJsonSafeAttributes } from '../terminal/json-safe.ts';
import type { Segment, Style } from '../terminal/line.ts';

/** Describes a log record: `WARN the disk is nearly full  disk.free=12`. */
export function describeLog(record: ReadableLogRecord): Segment[] {
  const { severityNumber = SeverityNumber.UNSPECIFIED, severityText, eventName } = record;
  const severity = severityText || severityName(severityNumber);
  const body = record.body === undefined ? (eventName ?? '') : text(toJsonSafe(record.body));
  const exception = describeException(record.attributes);
  return [
    { text: severity, style: severityStyle(severityNumber) },
    { text: ` ${body}` },
    ...(exception.length > 0 ? [{ text: '  ' }, ...exception] : []),
    ...describeAttributes(record.attributes),
  ];
}

/** Describes attributes in one segment, or none without attributes: `key=value key="two words"`. */
export function describeAttributes(attributes: object | undefined): Segment[] {
  const pairs = Object.entries(toJsonSafeAttributes(attributes))
    .filter(([key]) => !key.startsWith('exception.'))
    .map(([key, value]) => `${key}=${quoted(text(value))}`);
  return pairs.length > 0 ? [{ text: `  ${pairs.join(' ')}`, style: 'dim' }] : [];
}

/** Describes an exception without its stack trace: `TypeError: x is not a function`. */
export function describeException(attributes: object | undefined): Segment[] {
  const { 'exception.type': type, 'exception.message': message } = toJsonSafeAttributes(attributes);
  const summary = [type, message].filter(Boolean).map(text).join(': ');
  return summary ? [{ text: summary, style: 'red' }] : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(value: string): string {
  return value === '' || /[\s"]/.test(value) ? `"${value}"` : value;
}

function severityName(severity: SeverityNumber): string {
  // Each severity has four numbers: TRACE, TRACE2, TRACE3, TRACE4, DEBUG, ...
  return SeverityNumber[severity]?.replace(/\d$/, '') ?? 'UNSPECIFIED';
}

function severityStyle(severity: SeverityNumber): Style {
  if (severity >= SeverityNumber.ERROR) return 'boldRed';
  if (severity >= SeverityNumber.WARN) return 'yellow';
  return severity >= SeverityNumber.INFO ? 'green' : 'blue';
}
