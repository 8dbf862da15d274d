import type { HrTime } from '@opentelemetry/api';
import type {
  DataPoint,
  MetricData,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { withExport } from '../with-export.ts';

/** Replacement start times, by original start times that are in the future after a clock change. */
const newStarts = new WeakMap<HrTime, HrTime>();

/**
 * Wraps an exporter to restart a time series whose start is after its end, because the wall clock
 * was set back. The start of a series may change, but must not be in the future.
 */
export function orderMetricTimes(exporter: PushMetricExporter): PushMetricExporter {
  return withExport(exporter, (metrics, done) => exporter.export(ordered(metrics), done));
}

function ordered(metrics: ResourceMetrics): ResourceMetrics {
  const all = metrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  const isOrdered = all.every((metric) => (metric.dataPoints as Point[]).every(startsInOrder));
  if (isOrdered) return metrics;
  const scopeMetrics = metrics.scopeMetrics.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics.map(
      (metric) =>
        ({ ...metric, dataPoints: (metric.dataPoints as Point[]).map(restart) }) as MetricData,
    ),
  }));
  return { ...metrics, scopeMetrics };
}

type Point = DataPoint<unknown>;

function startsInOrder({ startTime, endTime }: Point): boolean {
  return !newStarts.has(startTime) && !isAfter(startTime, endTime);
}

function restart(point: Point): Point {
  const { startTime, endTime } = point;
  // The SDK keeps one array per series, so the new start is the same in the next exports.
  if (isAfter(newStarts.get(startTime) ?? startTime, endTime)) newStarts.set(startTime, endTime);
  return { ...point, startTime: newStarts.get(startTime) ?? startTime };
}

function isAfter([seconds, nanos]: HrTime, [otherSeconds, otherNanos]: HrTime): boolean {
  return seconds > otherSeconds || (seconds === otherSeconds && nanos > otherNanos);
}
