import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import { afterEach, expect } from 'vitest';
import { detectRuntime } from '../../packages/opentelemetry-instrument/src/sdk/runtime.ts';
import {
  METRIC_CAPABILITIES,
  type MetricCapabilities,
} from '../../packages/opentelemetry-instrument/src/sdk/runtime-metrics/capabilities.ts';
import {
  type RuntimeMetrics,
  startRuntimeMetrics,
} from '../../packages/opentelemetry-instrument/src/sdk/runtime-metrics/index.ts';
import { type RecordedTelemetry, recordTelemetry } from './recorded-telemetry.ts';

/** Lets the tests of a file start runtime metrics, which are stopped with the test at the latest. */
export function useRuntimeMetrics(): (
  measures: MetricCapabilities,
) => Promise<RecordedTelemetry & RuntimeMetrics> {
  const running: RuntimeMetrics[] = [];
  afterEach(() => {
    for (const metrics of running.splice(0)) metrics.stop();
  });
  return async function start(measures) {
    const telemetry = recordTelemetry();
    const metrics = await startRuntimeMetrics(telemetry.meterProvider, measures);
    running.push(metrics);
    return { ...telemetry, ...metrics };
  };
}

/** Returns the value of the only time series, or of the only one that has `attribute`. */
export function value(points: DataPoint<number | Histogram>[], attribute?: string): number {
  const found = points.filter(
    ({ attributes }) => attribute === undefined || Object.values(attributes).includes(attribute),
  );
  expect(found).toHaveLength(1);
  return Number(found[0]?.value);
}

/** Returns the metrics that the current runtime reports correctly. */
export function metricCapabilities(): MetricCapabilities {
  const { name } = detectRuntime();
  const capabilities = METRIC_CAPABILITIES[name];
  if (capabilities === undefined) throw new Error(`No capabilities are declared for ${name}`);
  return capabilities;
}
