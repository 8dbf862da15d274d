import { TraceFlags } from '@opentelemetry/api';
import {
  BatchLogRecordProcessor,
  type LogRecordExporter,
  type LogRecordProcessor,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Pipeline } from './pipelines.ts';

/** The SDK's processor for a pipeline, which also counts the spans that enter it. */
export function spanProcessor({
  exporter,
  source,
  delivery,
}: Pipeline<SpanExporter>): SpanProcessor {
  const processor =
    source.delivery === 'batched'
      ? new BatchSpanProcessor(exporter)
      : new SimpleSpanProcessor(exporter);
  return {
    onStart() {},
    onEnd(span) {
      if (span.spanContext().traceFlags & TraceFlags.SAMPLED) delivery.made++;
      processor.onEnd(span);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

/** The SDK's processor for a pipeline, which also counts the records that enter it. */
export function logRecordProcessor({
  exporter,
  source,
  delivery,
}: Pipeline<LogRecordExporter>): LogRecordProcessor {
  const processor =
    source.delivery === 'batched'
      ? new BatchLogRecordProcessor({ exporter })
      : new SimpleLogRecordProcessor({ exporter });
  return {
    onEmit(record, context) {
      delivery.made++;
      processor.onEmit(record, context);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}
