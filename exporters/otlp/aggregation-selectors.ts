import {
  type AggregationOption,
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { OtlpMetricOptions } from './options.ts';

const { COUNTER, HISTOGRAM, OBSERVABLE_COUNTER, GAUGE, OBSERVABLE_GAUGE } = InstrumentType;

/** Instruments whose data points count from the last export; those of all others from the start. */
const DELTA: Readonly<Record<OtlpMetricOptions['temporality'], readonly InstrumentType[]>> = {
  cumulative: [],
  // A gauge that nobody has set since the last export is not sent again.
  delta: [COUNTER, HISTOGRAM, OBSERVABLE_COUNTER, GAUGE, OBSERVABLE_GAUGE],
  lowmemory: [COUNTER, HISTOGRAM],
};

/**
 * How the metrics that go over OTLP are added up.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/
 */
export function selectMetrics({
  temporality,
  histogramAggregation,
}: OtlpMetricOptions): Required<
  Pick<PushMetricExporter, 'selectAggregation' | 'selectAggregationTemporality'>
> {
  const delta = DELTA[temporality];
  const histogram: AggregationOption =
    histogramAggregation === 'base2_exponential_bucket_histogram'
      ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
      : { type: AggregationType.DEFAULT };
  return {
    selectAggregation: (type) =>
      type === HISTOGRAM ? histogram : { type: AggregationType.DEFAULT },
    selectAggregationTemporality: (type) =>
      delta.includes(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
  };
}
