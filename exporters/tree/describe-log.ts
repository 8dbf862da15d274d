import { SeverityNumber } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { plainAttributes, plainValue } from '../terminal/json-safe.ts';
import type { Segment, Style } from '../terminal/line.ts';

/** `WARN the disk is nearly full  disk.free=12`, in a tree and outside. */
export function describeLog(record: ReadableLogRecord): Segment[] {
  const { severityNumber = SeverityNumber.UNSPECIFIED, severityText, eventName } = record;
  const severity = severityText || severityName(severityNumber);
  const body = record.body === undefined ? (eventName ?? '') : text(plainValue(record.body));
  const exception = describeException(record.attributes);
  return [
    { text: severity, style: severityStyle(severityNumber) },
    { text: ` ${body}` },
    ...(exception.length > 0 ? [{ text: '  ' }, ...exception] : []),
    ...describeAttributes(record.attributes),
  ];
}

/** `key=value key="two words"` in one dim segment; none when there is nothing to say. */
export function describeAttributes(attributes: object | undefined): Segment[] {
  const pairs = Object.entries(plainAttributes(attributes))
    .filter(([key]) => !key.startsWith('exception.'))
    .map(([key, value]) => `${key}=${quoted(text(value))}`);
  return pairs.length > 0 ? [{ text: `  ${pairs.join(' ')}`, style: 'dim' }] : [];
}

/** `TypeError: x is not a function`; the stack trace is for other exporters. */
export function describeException(attributes: object | undefined): Segment[] {
  const { 'exception.type': type, 'exception.message': message } = plainAttributes(attributes);
  const said = [type, message].filter(Boolean).map(text).join(': ');
  return said ? [{ text: said, style: 'red' }] : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(value: string): string {
  return value === '' || /[\s"]/.test(value) ? `"${value}"` : value;
}

function severityName(severity: SeverityNumber): string {
  // Four numbers each: TRACE, TRACE2, TRACE3, TRACE4, DEBUG, ...
  return SeverityNumber[severity]?.replace(/\d$/, '') ?? 'UNSPECIFIED';
}

function severityStyle(severity: SeverityNumber): Style {
  if (severity >= SeverityNumber.ERROR) return 'boldRed';
  if (severity >= SeverityNumber.WARN) return 'yellow';
  return severity >= SeverityNumber.INFO ? 'green' : 'blue';
}
