import type { OtlpLog, OtlpMetric, OtlpSpan } from '../support/otlp-records.ts';

type Document = { readonly [key: string]: unknown };

/** The records that the `console` exporter has written to a program's stdout. */
export interface WrittenRecords {
  readonly spans: readonly Document[];
  readonly logs: readonly Document[];
  readonly metrics: readonly Document[];
}

/** Reads stdout into the forms that the functions below give to what came over OTLP. */
export function readWrittenRecords(stdout: string): WrittenRecords {
  const documents: Document[] = JSON.parse(`[${stdout.replaceAll('\n}\n{', '\n},\n{')}]`);
  return {
    spans: inOrder(documents.filter((document) => 'kind' in document).map(writtenSpan)),
    logs: inOrder(documents.filter((document) => 'body' in document).map(writtenLog)),
    metrics: inOrder(documents.flatMap(writtenMetrics)),
  };
}

/** Sorts by content, because the order of records is not defined. */
export function inOrder(records: readonly Document[]): Document[] {
  const sorted = records.map((record) => [text(record), record] as const);
  return sorted.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}

/** Formats a value as JSON with sorted keys. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export function spanRecord(span: OtlpSpan): Document {
  return {
    name: span.name,
    trace_id: id(span.traceId),
    span_id: id(span.spanId),
    parent_id: id(span.parentSpanId) || null,
    kind: `SpanKind.${['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'][span.kind - 1]}`,
    start_time: time(span.startTime),
    end_time: time(span.endTime),
    status: ['UNSET', 'OK', 'ERROR'][span.status.code],
    attributes: span.attributes,
    resource: span.resource,
  };
}

function writtenSpan(document: Document): Document {
  const { context, status, resource, events, links, ...rest } = document;
  const { trace_id, span_id } = context as Document;
  const { status_code } = status as Document;
  return { ...rest, trace_id, span_id, status: status_code, resource: attributesOf(resource) };
}

export function logRecord(log: OtlpLog): Document {
  return {
    body: log.body,
    severity_number: log.severityNumber,
    severity_text: log.severityText,
    attributes: log.attributes,
    timestamp: time(log.time),
    observed_timestamp: time(log.observedTime),
    trace_id: id(log.traceId),
    span_id: id(log.spanId),
    event_name: log.eventName,
    resource: log.resource,
  };
}

function writtenLog({ resource, dropped_attributes, trace_flags, ...rest }: Document): Document {
  return { ...rest, resource: attributesOf(resource) };
}

/** Leaves times out: another reader collects a moment earlier or later. */
export function metricRecord({ name, unit, description, points }: OtlpMetric): Document {
  return {
    name,
    unit,
    description,
    points: inOrder(points.map((point) => pointRecord({ ...point }))),
  };
}

function pointRecord({ attributes, value, count, sum, bucketCounts }: Document): Document {
  return value === undefined ? { attributes, count, sum, bucketCounts } : { attributes, value };
}

function writtenMetrics({ resource_metrics = [] }: Document): Document[] {
  const resources = resource_metrics as { scope_metrics: { metrics: Document[] }[] }[];
  return resources
    .flatMap(({ scope_metrics }) => scope_metrics.flatMap(({ metrics }) => metrics))
    .map(({ name, unit, description, data }) => {
      const points = (data as { data_points: Document[] }).data_points.map((point) =>
        pointRecord({ ...point, bucketCounts: point.bucket_counts }),
      );
      return { name, unit, description, points: inOrder(points) };
    });
}

const attributesOf = (resource: unknown) => (resource as Document).attributes;
const id = (hex: string) => (hex === '' ? '' : `0x${hex}`);

/** Formats a time by RFC 3339, in microseconds. */
function time(nanos: bigint): string {
  const micros = String((nanos / 1_000n) % 1_000_000n).padStart(6, '0');
  return `${new Date(Number(nanos / 1_000_000n)).toISOString().slice(0, 20)}${micros}Z`;
}
