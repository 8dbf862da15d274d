import type { Meter, Tracer } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { recordTelemetry } from './recorded-telemetry.ts';

/** Returns the spans that `run` ends, in order, as the SDK passes them to an exporter. */
export function recordSpans(run: (tracer: Tracer) => void): ReadableSpan[] {
  const { tracerProvider, spans } = recordTelemetry();
  run(tracerProvider.getTracer('test', '1.0'));
  return spans();
}

/** Returns the log records that `run` emits, as the SDK passes them to an exporter. */
export function recordLogs(run: (logger: Logger) => void): ReadableLogRecord[] {
  const { loggerProvider, logs } = recordTelemetry();
  run(loggerProvider.getLogger('test', '1.0'));
  return logs();
}

/** Creates a meter, and a function that returns its records. */
export function recordMetrics(views?: ViewOptions[]): {
  meter: Meter;
  collect(): Promise<ResourceMetrics>;
} {
  const { meterProvider, collect } = recordTelemetry(undefined, views);
  return { meter: meterProvider.getMeter('test', '1.0'), collect };
}
