import {
  type AggregationOption,
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import type { OtlpMetricOptions } from '../options.ts';

const { COUNTER, HISTOGRAM, OBSERVABLE_COUNTER, GAUGE, OBSERVABLE_GAUGE } = InstrumentType;

/** Instruments with delta temporality. All others are cumulative. */
const DELTA: Readonly<Record<OtlpMetricOptions['temporality'], readonly InstrumentType[]>> = {
  cumulative: [],
  // With delta temporality, a gauge is exported only after it was set.
  delta: [COUNTER, HISTOGRAM, OBSERVABLE_COUNTER, GAUGE, OBSERVABLE_GAUGE],
  lowmemory: [COUNTER, HISTOGRAM],
};

/**
 * Creates the selectors of a metric exporter, which say how metrics are aggregated for OTLP.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/
 */
export function createAggregationSelectors({
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
