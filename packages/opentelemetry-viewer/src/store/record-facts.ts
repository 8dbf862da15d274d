import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Returns the `service.name` of a record's resource. */
export function serviceOf({ resource }: Pick<ReadableSpan, 'resource'>): string {
  const name = resource.attributes['service.name'];
  return typeof name === 'string' && name !== '' ? name : 'unknown_service';
}

/** Returns whether a span counts as a failed one. */
export function isError({ status }: Pick<ReadableSpan, 'status'>): boolean {
  return status.code === SpanStatusCode.ERROR;
}

/** Returns whether a span is a SQL statement or another call of a database. */
export function isStatement({ attributes }: Pick<ReadableSpan, 'attributes'>): boolean {
  return attributes['db.system.name'] !== undefined || attributes['db.system'] !== undefined;
}

/** Returns the value of an attribute, or the body of a log record, as it is shown, compared and searched. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return describeBytes(value);
  try {
    return JSON.stringify(value, toJsonValue) ?? '';
  } catch {
    return '[circular]';
  }
}

function toJsonValue(_: string, part: unknown): unknown {
  if (typeof part === 'bigint') return String(part);
  return part instanceof Uint8Array ? describeBytes(part) : part;
}

function describeBytes({ length }: Uint8Array): string {
  return `${length} bytes`;
}
