import type { Signal } from '../../exporter.ts';
import type { Field, FieldType, MessageType } from './decode-message.ts';

type Definition = FieldType | MessageType | (() => MessageType);

function field(name: string, type: Definition, isRepeated = false): Field {
  const isReference = typeof type === 'string' || typeof type === 'function';
  return { name, type: isReference ? type : () => type, isRepeated };
}

function repeated(name: string, type: Definition): Field {
  return field(name, type, true);
}

/** Describes a message by its fields, whose names and types are as in OTLP's JSON. */
function message(
  fieldsByNumber: Readonly<Record<number, Field | readonly [name: string, type: Definition]>>,
): MessageType {
  const fields: (Field | undefined)[] = [];
  for (const [number, each] of Object.entries(fieldsByNumber)) {
    fields[Number(number)] = 'name' in each ? each : field(each[0], each[1]);
  }
  return fields;
}

const anyValue: MessageType = message({
  1: ['stringValue', 'string'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int64'],
  4: ['doubleValue', 'double'],
  5: ['arrayValue', message({ 1: repeated('values', () => anyValue) })],
  6: ['kvlistValue', message({ 1: repeated('values', () => keyValue) })],
  7: ['bytesValue', 'bytes'],
});
const keyValue: MessageType = message({ 1: ['key', 'string'], 2: ['value', anyValue] });

const attributes = repeated('attributes', keyValue);
const resource = message({ 1: attributes, 2: ['droppedAttributesCount', 'uint32'] });
const scope = message({
  1: ['name', 'string'],
  2: ['version', 'string'],
  3: attributes,
  4: ['droppedAttributesCount', 'uint32'],
});

const event = message({
  1: ['timeUnixNano', 'fixed64'],
  2: ['name', 'string'],
  3: attributes,
  4: ['droppedAttributesCount', 'uint32'],
});
const link = message({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'string'],
  4: attributes,
  5: ['droppedAttributesCount', 'uint32'],
  6: ['flags', 'fixed32'],
});
const span = message({
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  3: ['traceState', 'string'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'string'],
  6: ['kind', 'int32'],
  7: ['startTimeUnixNano', 'fixed64'],
  8: ['endTimeUnixNano', 'fixed64'],
  9: attributes,
  10: ['droppedAttributesCount', 'uint32'],
  11: repeated('events', event),
  12: ['droppedEventsCount', 'uint32'],
  13: repeated('links', link),
  14: ['droppedLinksCount', 'uint32'],
  15: ['status', message({ 2: ['message', 'string'], 3: ['code', 'int32'] })],
  16: ['flags', 'fixed32'],
});

const logRecord = message({
  1: ['timeUnixNano', 'fixed64'],
  2: ['severityNumber', 'int32'],
  3: ['severityText', 'string'],
  5: ['body', anyValue],
  6: attributes,
  7: ['droppedAttributesCount', 'uint32'],
  8: ['flags', 'fixed32'],
  9: ['traceId', 'hex'],
  10: ['spanId', 'hex'],
  11: ['observedTimeUnixNano', 'fixed64'],
  12: ['eventName', 'string'],
});

const times = { 2: ['startTimeUnixNano', 'fixed64'], 3: ['timeUnixNano', 'fixed64'] } as const;
const sums = { 4: ['count', 'fixed64'], 5: ['sum', 'double'] } as const;
const exemplars = repeated(
  'exemplars',
  message({
    2: ['timeUnixNano', 'fixed64'],
    3: ['asDouble', 'double'],
    4: ['spanId', 'hex'],
    5: ['traceId', 'hex'],
    6: ['asInt', 'sfixed64'],
    7: repeated('filteredAttributes', keyValue),
  }),
);
const numberDataPoint = message({
  ...times,
  4: ['asDouble', 'double'],
  5: exemplars,
  6: ['asInt', 'sfixed64'],
  7: attributes,
});
const histogramDataPoint = message({
  ...times,
  ...sums,
  6: repeated('bucketCounts', 'fixed64'),
  7: repeated('explicitBounds', 'double'),
  8: exemplars,
  9: attributes,
  11: ['min', 'double'],
  12: ['max', 'double'],
});
const buckets = message({ 1: ['offset', 'sint32'], 2: repeated('bucketCounts', 'uint64') });
const exponentialHistogramDataPoint = message({
  1: attributes,
  ...times,
  ...sums,
  6: ['scale', 'sint32'],
  7: ['zeroCount', 'fixed64'],
  8: ['positive', buckets],
  9: ['negative', buckets],
  11: exemplars,
  12: ['min', 'double'],
  13: ['max', 'double'],
});
const temporality = { 2: ['aggregationTemporality', 'int32'] } as const;
const metric = message({
  1: ['name', 'string'],
  2: ['description', 'string'],
  3: ['unit', 'string'],
  5: ['gauge', message({ 1: repeated('dataPoints', numberDataPoint) })],
  7: [
    'sum',
    message({
      1: repeated('dataPoints', numberDataPoint),
      ...temporality,
      3: ['isMonotonic', 'bool'],
    }),
  ],
  9: ['histogram', message({ 1: repeated('dataPoints', histogramDataPoint), ...temporality })],
  10: [
    'exponentialHistogram',
    message({ 1: repeated('dataPoints', exponentialHistogramDataPoint), ...temporality }),
  ],
  // Deprecated in OTLP, and unknown to the SDK: its data points are only counted.
  11: ['summary', message({ 1: repeated('dataPoints', message({})) })],
});

/** Describes a request for one signal: by resource and scope, with its records at the bottom. */
function request(kind: string, records: Field): MessageType {
  const scoped = message({ 1: ['scope', scope], 2: records, 3: ['schemaUrl', 'string'] });
  const origin = message({
    1: ['resource', resource],
    2: repeated(`scope${kind}`, scoped),
    3: ['schemaUrl', 'string'],
  });
  return message({ 1: repeated(`resource${kind}`, origin) });
}

/** The export request of each signal. */
export const REQUEST_TYPES: Readonly<Record<Signal, MessageType>> = {
  traces: request('Spans', repeated('spans', span)),
  metrics: request('Metrics', repeated('metrics', metric)),
  logs: request('Logs', repeated('logRecords', logRecord)),
};

/** The response to an export, whatever its signal. */
export const EXPORT_RESPONSE: MessageType = message({
  1: ['partialSuccess', message({ 1: ['rejected', 'int64'], 2: ['errorMessage', 'string'] })],
});

const any = message({ 1: ['typeUrl', 'string'], 2: ['value', 'bytes'] });

/** `google.rpc.Status`. The message stays bytes, which may not be UTF-8. */
export const RPC_STATUS: MessageType = message({
  2: ['message', 'bytes'],
  3: repeated('details', any),
});

/** `google.rpc.RetryInfo`. */
export const RETRY_INFO: MessageType = message({
  1: ['retryDelay', message({ 1: ['seconds', 'int64'], 2: ['nanos', 'int64'] })],
});
