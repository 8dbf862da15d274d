import type { Meter, Tracer } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { recordTelemetry } from './recorded-telemetry.ts';

/** The spans that `run` ends, in that order, as the SDK hands them to an exporter. */
export function recordSpans(run: (tracer: Tracer) => void): ReadableSpan[] {
  const { tracerProvider, spans } = recordTelemetry();
  run(tracerProvider.getTracer('test', '1.0'));
  return spans();
}

/** The log records that `run` emits, as the SDK hands them to an exporter. */
export function recordLogs(run: (logger: Logger) => void): ReadableLogRecord[] {
  const { loggerProvider, logs } = recordTelemetry();
  run(loggerProvider.getLogger('test', '1.0'));
  return logs();
}

/** A meter, and what has been recorded with it up to now. */
export function recordMetrics(views?: ViewOptions[]): {
  meter: Meter;
  collect(): Promise<ResourceMetrics>;
} {
  const { meterProvider, collect } = recordTelemetry(undefined, views);
  return { meter: meterProvider.getMeter('test', '1.0'), collect };
}
