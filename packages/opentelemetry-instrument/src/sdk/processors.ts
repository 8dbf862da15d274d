import { TraceFlags } from '@opentelemetry/api';
import type { LogRecordExporter, LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { ReceivedSpanProcessor } from '../intake/replay-spans.ts';
import { type BatchOptions, createBatchProcessor } from './batch-processor.ts';
import type { Pipeline } from './pipelines.ts';
import {
  createSimpleProcessor,
  type PipelineExporter,
  type RecordProcessor,
} from './simple-processor.ts';

/**
 * Share of the queue that received spans may fill. The rest is reserved for the app's own spans.
 */
const RECEIVED_SHARE = 0.5;

/** Creates a processor that counts the spans of a pipeline and passes them to its exporter. */
export function createSpanProcessor(
  pipeline: Pipeline<SpanExporter>,
  options: BatchOptions,
): SpanProcessor & ReceivedSpanProcessor {
  const { add, ...processor } = recordProcessor(pipeline, options);
  return {
    ...processor,
    onStart() {},
    onEnd(span) {
      if (span.spanContext().traceFlags & TraceFlags.SAMPLED) add(span);
    },
    onReceived: (span) => add(span, RECEIVED_SHARE),
  };
}

/**
 * Creates a processor that counts the log records of a pipeline and passes them to its exporter.
 */
export function createLogRecordProcessor(
  pipeline: Pipeline<LogRecordExporter>,
  options: BatchOptions,
): LogRecordProcessor {
  const { add, ...processor } = recordProcessor(pipeline, options);
  return { ...processor, onEmit: (record) => add(record) };
}

function recordProcessor<T>(
  { exporter, source, delivery }: Pipeline<PipelineExporter<T>>,
  options: BatchOptions,
): RecordProcessor<T> {
  let isShutDown = false;
  let processor: RecordProcessor<T>;
  if (source.processor === 'batch') {
    const batches = createBatchProcessor(exporter, options, (reason) => delivery.drop(1, reason));
    delivery.queueSize = () => batches.queueSize;
    delivery.queueCapacity = options.maxQueueSize;
    processor = batches;
  } else {
    processor = createSimpleProcessor(exporter);
  }
  return {
    add(record, share) {
      delivery.create(1);
      if (isShutDown) delivery.drop(1, 'shutdown');
      else processor.add(record, share);
    },
    forceFlush: processor.forceFlush,
    shutdown() {
      isShutDown = true;
      return processor.shutdown();
    },
  };
}
