import type { Signal } from '../../exporters/exporter.ts';
import type { Message } from './otlp-definitions.ts';
import type {
  Origin,
  OtlpDataPoint,
  OtlpLog,
  OtlpMetric,
  OtlpRecords,
  OtlpSpan,
} from './otlp-records.ts';
import {
  attributes,
  attributeValue,
  hex,
  list,
  message,
  nanos,
  number,
  text,
} from './otlp-values.ts';

/** Flattens an export request: each record with its resource and its scope. */
export function flattenExportRequest(signal: Signal, request: Message): OtlpRecords {
  return {
    spans: signal === 'traces' ? flatten(request, 'Spans', 'spans').map(toSpan) : [],
    metrics: signal === 'metrics' ? flatten(request, 'Metrics', 'metrics').map(toMetric) : [],
    logs: signal === 'logs' ? flatten(request, 'Logs', 'logRecords').map(toLog) : [],
  };
}

function flatten(request: Message, kind: string, field: string): [Message, Origin][] {
  return list(request[`resource${kind}`]).flatMap((perResource) => {
    const resource = attributes(message(perResource.resource).attributes);
    return list(perResource[`scope${kind}`]).flatMap((perScope) => {
      const { name, version } = message(perScope.scope);
      const origin = { resource, scope: { name: text(name), version: text(version) } };
      return list(perScope[field]).map((record): [Message, Origin] => [record, origin]);
    });
  });
}

function toSpan([span, origin]: [Message, Origin]): OtlpSpan {
  const status = message(span.status);
  return {
    ...origin,
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    traceState: text(span.traceState),
    flags: number(span.flags),
    name: text(span.name),
    kind: number(span.kind),
    startTime: nanos(span.startTimeUnixNano),
    endTime: nanos(span.endTimeUnixNano),
    attributes: attributes(span.attributes),
    events: list(span.events).map((event) => ({
      name: text(event.name),
      time: nanos(event.timeUnixNano),
      attributes: attributes(event.attributes),
    })),
    links: list(span.links).map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: attributes(link.attributes),
    })),
    status: { code: number(status.code), message: text(status.message) },
  };
}

const metricTypes = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

function toMetric([metric, origin]: [Message, Origin]): OtlpMetric {
  const type = metricTypes.find((candidate) => metric[candidate] !== undefined);
  if (!type) throw new Error(`The metric ${text(metric.name)} has no data`);
  const data = message(metric[type]);
  return {
    ...origin,
    name: text(metric.name),
    description: text(metric.description),
    unit: text(metric.unit),
    type,
    temporality: number(data.aggregationTemporality),
    isMonotonic: data.isMonotonic === true,
    points: list(data.dataPoints).map(toDataPoint),
  };
}

function toDataPoint(point: Message): OtlpDataPoint {
  const value = point.asDouble ?? point.asInt;
  const { count, sum, min, max, explicitBounds, bucketCounts } = point;
  return {
    attributes: attributes(point.attributes),
    startTime: nanos(point.startTimeUnixNano),
    time: nanos(point.timeUnixNano),
    ...(value !== undefined && { value: number(value) }),
    ...(count !== undefined && { count: number(count) }),
    ...(sum !== undefined && { sum: number(sum) }),
    ...(min !== undefined && { min: number(min) }),
    ...(max !== undefined && { max: number(max) }),
    ...(Array.isArray(explicitBounds) && { bounds: explicitBounds.map(number) }),
    ...(Array.isArray(bucketCounts) && { bucketCounts: bucketCounts.map(number) }),
  };
}

function toLog([record, origin]: [Message, Origin]): OtlpLog {
  return {
    ...origin,
    traceId: hex(record.traceId),
    spanId: hex(record.spanId),
    time: nanos(record.timeUnixNano),
    observedTime: nanos(record.observedTimeUnixNano),
    severityNumber: number(record.severityNumber),
    severityText: text(record.severityText),
    eventName: text(record.eventName),
    body: attributeValue(message(record.body)),
    attributes: attributes(record.attributes),
  };
}
