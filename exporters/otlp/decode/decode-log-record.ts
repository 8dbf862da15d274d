import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { asCount, asObject, asText, asTime } from '../json-values.ts';
import { decodeAttributes, decodeValue } from './decode-attributes.ts';
import { decodeContext } from './decode-span.ts';

/** Decodes a `LogRecord`. Invalid ids are left out. */
export function decodeLogRecord(
  value: unknown,
  resource: Resource,
  instrumentationScope: InstrumentationScope,
): ReadableLogRecord {
  const record = asObject(value);
  const observed = asTime(record.observedTimeUnixNano);
  const time = asTime(record.timeUnixNano);
  const spanContext = decodeContext({ flags: 0, ...record });
  const severityNumber = asCount(record.severityNumber);
  const severityText = asText(record.severityText);
  const eventName = asText(record.eventName);
  return {
    // A record from another logging system may have only the time when it was observed.
    hrTime: time[0] === 0 && time[1] === 0 ? observed : time,
    hrTimeObserved: observed,
    ...(spanContext && { spanContext }),
    ...(severityNumber >= 1 && severityNumber <= 24 && { severityNumber }),
    ...(severityText && { severityText }),
    ...(eventName && { eventName }),
    body: decodeValue(record.body),
    ...decodeAttributes(record),
    resource,
    instrumentationScope,
  };
}
