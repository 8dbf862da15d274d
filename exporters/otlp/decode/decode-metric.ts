import { ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { Exemplar } from '../../exporter.ts';
import {
  asCount,
  asId,
  asList,
  asNumber,
  asObject,
  asText,
  asTime,
  type JsonObject,
} from '../json-values.ts';
import { decodeAttributes } from './decode-attributes.ts';

/** Maximum number per data point. Reservoirs have one per bucket. */
const MAX_EXEMPLARS = 1_000;

/** A metric, and the number of its data points that have no place in the SDK's types. */
export interface DecodedMetric {
  readonly metric?: MetricData;
  readonly rejected: number;
}

/** Decodes a `Metric`. Summaries are rejected: they are deprecated, and the SDK has no type for them. */
export function decodeMetric(value: unknown): DecodedMetric {
  const message = asObject(value);
  const metric = decodeData(message);
  if (metric) return { metric, rejected: 0 };
  return { rejected: asList(asObject(message.summary).dataPoints).length };
}

function decodeData(message: JsonObject): MetricData | undefined {
  const { gauge, sum, histogram, exponentialHistogram } = message;
  if (gauge !== undefined) {
    return { ...decodeNumbers(message, gauge), dataPointType: DataPointType.GAUGE };
  }
  if (sum !== undefined) {
    const isMonotonic = asObject(sum).isMonotonic === true;
    return { ...decodeNumbers(message, sum), dataPointType: DataPointType.SUM, isMonotonic };
  }
  const descriptor = decodeDescriptor(message, ValueType.DOUBLE);
  if (histogram !== undefined) {
    return {
      descriptor,
      dataPointType: DataPointType.HISTOGRAM,
      aggregationTemporality: decodeTemporality(histogram),
      dataPoints: decodePoints(histogram, decodeHistogram),
    };
  }
  if (exponentialHistogram === undefined) return undefined;
  return {
    descriptor,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    aggregationTemporality: decodeTemporality(exponentialHistogram),
    dataPoints: decodePoints(exponentialHistogram, decodeExponentialHistogram),
  };
}

function decodeDescriptor({ name, description, unit }: JsonObject, valueType: ValueType) {
  return { name: asText(name), description: asText(description), unit: asText(unit), valueType };
}

function decodeNumbers(message: JsonObject, data: unknown) {
  const isInteger = asObject(asList(asObject(data).dataPoints)[0]).asInt !== undefined;
  return {
    descriptor: decodeDescriptor(message, isInteger ? ValueType.INT : ValueType.DOUBLE),
    aggregationTemporality: decodeTemporality(data),
    dataPoints: decodePoints(data, ({ asInt, asDouble }) => asNumber(asInt ?? asDouble)),
  };
}

/** Converts a temporality: OTLP's values begin with "unspecified", the SDK's do not. */
function decodeTemporality(data: unknown): AggregationTemporality {
  return asNumber(asObject(data).aggregationTemporality) === 1
    ? AggregationTemporality.DELTA
    : AggregationTemporality.CUMULATIVE;
}

function decodePoints<T>(data: unknown, decode: (point: JsonObject) => T): DataPoint<T>[] {
  return asList(asObject(data).dataPoints).map((each) => {
    const point = asObject(each);
    return {
      startTime: asTime(point.startTimeUnixNano),
      endTime: asTime(point.timeUnixNano),
      attributes: decodeAttributes(point).attributes,
      value: decode(point),
      ...(point.exemplars !== undefined && { exemplars: decodeExemplars(point.exemplars) }),
    };
  });
}

function decodeExemplars(list: unknown): Exemplar[] {
  return asList(list)
    .slice(0, MAX_EXEMPLARS)
    .map((each) => {
      const exemplar = asObject(each);
      const traceId = asId(exemplar.traceId, 32);
      const spanId = asId(exemplar.spanId, 16);
      const { attributes } = decodeAttributes({ attributes: exemplar.filteredAttributes });
      return {
        timestamp: asTime(exemplar.timeUnixNano),
        value: asNumber(exemplar.asInt ?? exemplar.asDouble),
        filteredAttributes: attributes,
        ...(traceId && { traceId }),
        ...(spanId && { spanId }),
      };
    });
}

function decodeHistogram(point: JsonObject): Histogram {
  const counts = asList(point.bucketCounts).map(asCount);
  const boundaries = asList(point.explicitBounds).map(asNumber);
  return { ...decodeSums(point), buckets: { boundaries, counts } };
}

function decodeExponentialHistogram(point: JsonObject): ExponentialHistogram {
  return {
    ...decodeSums(point),
    scale: asNumber(point.scale),
    zeroCount: asCount(point.zeroCount),
    positive: decodeBuckets(asObject(point.positive)),
    negative: decodeBuckets(asObject(point.negative)),
  };
}

function decodeSums({ count, sum, min, max }: JsonObject) {
  return {
    count: asCount(count),
    ...(sum !== undefined && { sum: asNumber(sum) }),
    ...(min !== undefined && { min: asNumber(min) }),
    ...(max !== undefined && { max: asNumber(max) }),
  };
}

function decodeBuckets({ offset, bucketCounts }: JsonObject) {
  return { offset: asNumber(offset), bucketCounts: asList(bucketCounts).map(asCount) };
}
