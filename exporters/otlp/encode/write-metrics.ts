import { ValueType } from '@opentelemetry/api';
import {
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { PointWithExemplars } from '../../exporter.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import type { EncodedRequest } from './record-batch.ts';
import { isInt64, writeAttributes, writeResource, writeScope } from './write-attributes.ts';

/**
 * Encodes an `ExportMetricsServiceRequest`, without the data points that cannot be read.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
 */
export function encodeMetrics({ resource, scopeMetrics }: ResourceMetrics): EncodedRequest {
  const writer = new ProtobufWriter(new Uint8Array(16 * 1024));
  let unencodable = 0;
  const start = writer.begin(1);
  writeResource(writer, 1, resource);
  for (const { scope, metrics } of scopeMetrics) {
    const scopeStart = writer.begin(2);
    writeScope(writer, 1, scope);
    for (const metric of metrics) unencodable += writeMetric(writer, metric);
    if (scope.schemaUrl) writer.string(3, scope.schemaUrl);
    writer.end(scopeStart);
  }
  if (resource.schemaUrl) writer.string(3, resource.schemaUrl);
  writer.end(start);
  return { bytes: writer.written(), unencodable };
}

/** The field of a `Metric` with the data of each type. */
const DATA_FIELDS: Readonly<Record<DataPointType, number>> = {
  [DataPointType.GAUGE]: 5,
  [DataPointType.SUM]: 7,
  [DataPointType.HISTOGRAM]: 9,
  [DataPointType.EXPONENTIAL_HISTOGRAM]: 10,
};

/** Writes a `Metric`. @returns the number of data points left out */
function writeMetric(writer: ProtobufWriter, metric: MetricData): number {
  const { name, description, unit } = metric.descriptor;
  const start = writer.begin(2);
  writer.string(1, name);
  if (description) writer.string(2, description);
  if (unit) writer.string(3, unit);
  const dataStart = writer.begin(DATA_FIELDS[metric.dataPointType]);
  const unencodable = writeDataPoints(writer, metric);
  // The values of OTLP start with "unspecified"; gauges have none.
  if (metric.dataPointType !== DataPointType.GAUGE) {
    writer.varint(2, metric.aggregationTemporality + 1);
  }
  if (metric.dataPointType === DataPointType.SUM && metric.isMonotonic) writer.varint(3, 1);
  writer.end(dataStart);
  writer.end(start);
  return unencodable;
}

function writeDataPoints(writer: ProtobufWriter, metric: MetricData): number {
  switch (metric.dataPointType) {
    case DataPointType.HISTOGRAM:
      return writeEach(writer, metric.dataPoints, writeHistogram);
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return writeEach(writer, metric.dataPoints, writeExponentialHistogram);
    default: {
      const isInteger = metric.descriptor.valueType === ValueType.INT;
      return writeEach(writer, metric.dataPoints, (_, point) =>
        writeNumber(writer, point, isInteger),
      );
    }
  }
}

/** Writes data points. @returns the number of unreadable ones, which are left out */
function writeEach<T>(
  writer: ProtobufWriter,
  points: readonly DataPoint<T>[],
  write: (writer: ProtobufWriter, point: DataPoint<T>) => void,
): number {
  let unencodable = 0;
  for (const point of points) {
    const { position } = writer;
    try {
      const start = writer.begin(1);
      write(writer, point);
      writer.end(start);
    } catch {
      writer.position = position;
      unencodable += 1;
    }
  }
  return unencodable;
}

function writeTimes(writer: ProtobufWriter, { startTime, endTime }: DataPoint<unknown>): void {
  writer.time(2, startTime);
  writer.time(3, endTime);
}

/** Writes a `NumberDataPoint`; an integer beyond 64 bits becomes a double. */
function writeNumber(writer: ProtobufWriter, point: DataPoint<number>, isInteger: boolean): void {
  const { value } = point;
  writeTimes(writer, point);
  if (isInteger && isInt64(value)) writer.fixed64(6, value);
  else writer.double(4, value);
  writeExemplars(writer, 5, point);
  writeAttributes(writer, 7, point.attributes);
}

function writeExemplars(
  writer: ProtobufWriter,
  field: number,
  { exemplars = [] }: PointWithExemplars,
): void {
  for (const { timestamp, value, traceId, spanId, filteredAttributes } of exemplars) {
    const start = writer.begin(field);
    writer.time(2, timestamp);
    writer.double(3, value);
    if (spanId !== undefined) writer.id(4, spanId, 16);
    if (traceId !== undefined) writer.id(5, traceId, 32);
    writeAttributes(writer, 7, filteredAttributes);
    writer.end(start);
  }
}

function writeHistogram(writer: ProtobufWriter, point: DataPoint<Histogram>): void {
  const { count, sum, min, max, buckets } = point.value;
  writeTimes(writer, point);
  writer.fixed64(4, count);
  if (sum !== undefined) writer.double(5, sum);
  writer.packed(6, buckets.counts, 'fixed64');
  writer.packed(7, buckets.boundaries, 'double');
  writeExemplars(writer, 8, point);
  writeAttributes(writer, 9, point.attributes);
  if (min !== undefined) writer.double(11, min);
  if (max !== undefined) writer.double(12, max);
}

function writeExponentialHistogram(
  writer: ProtobufWriter,
  point: DataPoint<ExponentialHistogram>,
): void {
  const { count, sum, min, max, scale, zeroCount, positive, negative } = point.value;
  writeAttributes(writer, 1, point.attributes);
  writeTimes(writer, point);
  writer.fixed64(4, count);
  if (sum !== undefined) writer.double(5, sum);
  if (scale !== 0) writer.sint32(6, scale);
  writer.fixed64(7, zeroCount);
  writeBuckets(writer, 8, positive);
  writeBuckets(writer, 9, negative);
  writeExemplars(writer, 11, point);
  if (min !== undefined) writer.double(12, min);
  if (max !== undefined) writer.double(13, max);
}

function writeBuckets(
  writer: ProtobufWriter,
  field: number,
  { offset, bucketCounts }: ExponentialHistogram['positive'],
): void {
  const start = writer.begin(field);
  if (offset !== 0) writer.sint32(1, offset);
  writer.packed(2, bucketCounts, 'varint');
  writer.end(start);
}
