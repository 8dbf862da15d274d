import type { HrTime } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { PointWithExemplars } from '../exporter.ts';
import { toJsonSafe, toJsonSafeAttributes } from '../terminal/index.ts';
import { resourceDocument } from './record-json.ts';

/**
 * Returns metrics in the shape of OpenTelemetry Python's `MetricsData.to_json()`, with readable times and
 * IDs as in spans.
 */
export function metricsDocument(
  { resource, scopeMetrics }: ResourceMetrics,
  timestamp: (time: HrTime) => string,
): object {
  const scopes = scopeMetrics.map(({ scope, metrics }) => ({
    scope: {
      name: scope.name,
      version: scope.version ?? '',
      schema_url: scope.schemaUrl ?? '',
      attributes: null,
    },
    metrics: metrics.map((metric) => ({
      name: metric.descriptor.name,
      description: metric.descriptor.description,
      unit: metric.descriptor.unit,
      data: dataDocument(metric, timestamp),
    })),
    schema_url: scope.schemaUrl ?? '',
  }));
  const resourceMetrics = {
    resource: resourceDocument(resource),
    scope_metrics: scopes,
    schema_url: resource.schemaUrl ?? '',
  };
  return { resource_metrics: [resourceMetrics] };
}

function dataDocument(metric: MetricData, timestamp: (time: HrTime) => string) {
  // Python prints the numbers of OTLP: 1 delta, 2 cumulative.
  const aggregation_temporality =
    metric.aggregationTemporality === AggregationTemporality.DELTA ? 1 : 2;
  switch (metric.dataPointType) {
    case DataPointType.GAUGE:
      return { data_points: metric.dataPoints.map(numberPoint) };
    case DataPointType.SUM:
      return {
        data_points: metric.dataPoints.map(numberPoint),
        aggregation_temporality,
        is_monotonic: metric.isMonotonic,
      };
    case DataPointType.HISTOGRAM:
      return { data_points: metric.dataPoints.map(histogramPoint), aggregation_temporality };
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return { data_points: metric.dataPoints.map(exponentialPoint), aggregation_temporality };
  }

  function origin({ attributes, startTime, endTime }: DataPoint<unknown>) {
    return {
      attributes: toJsonSafeAttributes(attributes),
      start_time_unix_nano: timestamp(startTime),
      time_unix_nano: timestamp(endTime),
    };
  }

  function exemplarsOf({ exemplars = [] }: PointWithExemplars) {
    return exemplars.map((exemplar) => ({
      filtered_attributes: toJsonSafeAttributes(exemplar.filteredAttributes),
      value: toJsonSafe(exemplar.value),
      time_unix_nano: timestamp(exemplar.timestamp),
      span_id: exemplar.spanId === undefined ? null : `0x${exemplar.spanId}`,
      trace_id: exemplar.traceId === undefined ? null : `0x${exemplar.traceId}`,
    }));
  }

  function numberPoint(point: DataPoint<number>) {
    return { ...origin(point), value: toJsonSafe(point.value), exemplars: exemplarsOf(point) };
  }

  function histogramPoint(point: DataPoint<Histogram>) {
    const { count, sum, buckets, min, max } = point.value;
    return {
      ...origin(point),
      count,
      sum: toJsonSafe(sum),
      bucket_counts: buckets.counts,
      explicit_bounds: buckets.boundaries,
      min: toJsonSafe(min),
      max: toJsonSafe(max),
      exemplars: exemplarsOf(point),
    };
  }

  function exponentialPoint(point: DataPoint<ExponentialHistogram>) {
    const { count, sum, scale, zeroCount, positive, negative, min, max } = point.value;
    return {
      ...origin(point),
      count,
      sum: toJsonSafe(sum),
      scale,
      zero_count: zeroCount,
      positive: { offset: positive.offset, bucket_counts: positive.bucketCounts },
      negative: { offset: negative.offset, bucket_counts: negative.bucketCounts },
      flags: 0,
      min: toJsonSafe(min),
      max: toJsonSafe(max),
      exemplars: exemplarsOf(point),
    };
  }
}
