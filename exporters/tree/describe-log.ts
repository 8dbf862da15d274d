import { SeverityNumber } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type Segment, type Style, toJsonSafe, toJsonSafeAttributes } from '../terminal/index.ts';

/** Describes a log record without its attributes: `WARN the disk is nearly full`. */
export function describeLog(record: ReadableLogRecord): Segment[] {
  const { severityNumber = SeverityNumber.UNSPECIFIED, severityText, eventName } = record;
  const severity = severityText || severityName(severityNumber);
  const body = record.body === undefined ? (eventName ?? '') : text(toJsonSafe(record.body));
  return [{ text: severity, style: severityStyle(severityNumber) }, { text: ` ${body}` }];
}

/** Describes attributes in one segment, or none without attributes: `key=value key="two words"`. */
export function describeAttributes(attributes: object | undefined): Segment[] {
  const pairs = Object.entries(toJsonSafeAttributes(attributes))
    .filter(([key]) => !key.startsWith('exception.'))
    .map(([key, value]) => `${key}=${quoted(text(value))}`);
  return pairs.length > 0 ? [{ text: `  ${pairs.join(' ')}`, style: 'dim' }] : [];
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
