import { SeverityNumber } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { plainAttributes, plainValue } from '../output/plain-value.ts';
import type { Segment, Style } from './line.ts';

/** `WARN the disk is nearly full  disk.free=12`, in a tree and outside. */
export function describeLog(record: ReadableLogRecord): Segment[] {
  const { severityNumber = SeverityNumber.UNSPECIFIED, severityText, eventName } = record;
  const severity = severityText || severityName(severityNumber);
  const body = record.body === undefined ? (eventName ?? '') : text(plainValue(record.body));
  return [
    { text: severity, style: severityStyle(severityNumber) },
    { text: ` ${body}` },
    ...describeAttributes(record.attributes),
  ];
}

/** `  key=value key="two words"`; an exception as its type and message, the stack left out. */
export function describeAttributes(attributes: object | undefined): Segment[] {
  const segments: Segment[] = [];
  const {
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': _stack,
    ...others
  } = plainAttributes(attributes);
  const exception = [type, message].filter(Boolean).map(String).join(': ');
  if (exception) segments.push({ text: `  ${exception}`, style: 'red' });
  const pairs = Object.entries(others).map(([key, value]) => `${key}=${quoted(text(value))}`);
  if (pairs.length > 0) segments.push({ text: `  ${pairs.join(' ')}`, style: 'dim' });
  return segments;
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
