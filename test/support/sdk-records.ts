import type { Meter, Tracer } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

const resource: Resource = resourceFromAttributes({ 'service.name': 'todo' });

/** The spans that `run` ends, in that order, as the SDK hands them to an exporter. */
export function recordSpans(run: (tracer: Tracer) => void): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  run(new BasicTracerProvider({ resource, spanProcessors }).getTracer('test', '1.0'));
  return exporter.getFinishedSpans();
}

/** The log records that `run` emits, as the SDK hands them to an exporter. */
export function recordLogs(run: (logger: Logger) => void): ReadableLogRecord[] {
  const exporter = new InMemoryLogRecordExporter();
  const processors = [new SimpleLogRecordProcessor({ exporter })];
  run(new LoggerProvider({ resource, processors }).getLogger('test', '1.0'));
  return exporter.getFinishedLogRecords();
}

/** A meter, and what has been recorded with it up to now. */
export function recordMetrics(views: ViewOptions[] = []): {
  meter: Meter;
  collect(): Promise<ResourceMetrics>;
} {
  class Reader extends MetricReader {
    protected override async onForceFlush() {}
    protected override async onShutdown() {}
  }
  const reader = new Reader();
  const meter = new MeterProvider({ resource, views, readers: [reader] }).getMeter('test', '1.0');
  return { meter, collect: async () => (await reader.collect()).resourceMetrics };
}
