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
  const base = {
    name: asText(message.name),
    description: asText(message.description),
    unit: asText(message.unit),
  };
  const { gauge, sum, histogram, exponentialHistogram } = message;
  if (gauge !== undefined) {
    const { points, temporality: aggregationTemporality, valueType } = decodeNumbers(gauge);
    const descriptor = { ...base, valueType };
    const dataPointType = DataPointType.GAUGE;
    const metric = { descriptor, dataPointType, aggregationTemporality, dataPoints: points };
    return { metric: metric as MetricData, rejected: 0 };
  }
  if (sum !== undefined) {
    const { points, temporality: aggregationTemporality, valueType } = decodeNumbers(sum);
    const descriptor = { ...base, valueType };
    const isMonotonic = asObject(sum).isMonotonic === true;
    const dataPointType = DataPointType.SUM;
    const metric = { descriptor, dataPointType, aggregationTemporality, isMonotonic };
    return { metric: { ...metric, dataPoints: points } as MetricData, rejected: 0 };
  }
  const descriptor = { ...base, valueType: ValueType.DOUBLE };
  if (histogram !== undefined) {
    const aggregationTemporality = decodeTemporality(histogram);
    const dataPoints = decodePoints(histogram, decodeHistogram);
    const dataPointType = DataPointType.HISTOGRAM;
    const metric = { descriptor, dataPointType, aggregationTemporality, dataPoints };
    return { metric: metric as MetricData, rejected: 0 };
  }
  if (exponentialHistogram !== undefined) {
    const aggregationTemporality = decodeTemporality(exponentialHistogram);
    const dataPoints = decodePoints(exponentialHistogram, decodeExponentialHistogram);
    const dataPointType = DataPointType.EXPONENTIAL_HISTOGRAM;
    const metric = { descriptor, dataPointType, aggregationTemporality, dataPoints };
    return { metric: metric as MetricData, rejected: 0 };
  }
  return { rejected: asList(asObject(message.summary).dataPoints).length };
}

function decodeNumbers(data: unknown) {
  const points = decodePoints(data, ({ asInt, asDouble }) => asNumber(asInt ?? asDouble));
  const isInteger = asObject(asList(asObject(data).dataPoints)[0]).asInt !== undefined;
  return {
    points,
    temporality: decodeTemporality(data),
    valueType: isInteger ? ValueType.INT : ValueType.DOUBLE,
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
