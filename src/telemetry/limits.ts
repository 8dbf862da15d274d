import type { LogRecordLimits } from '@opentelemetry/sdk-logs';
import type { SpanLimits } from '@opentelemetry/sdk-trace-base';
import type { Settings } from '../settings.ts';
import type { BatchOptions } from './batch-processor.ts';

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** @see https://opentelemetry.io/docs/specs/otel/common/#attribute-limits */
export function spanLimits(settings: Settings): Required<SpanLimits> {
  return {
    attributeCountLimit:
      settings.OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT ?? settings.OTEL_ATTRIBUTE_COUNT_LIMIT,
    attributeValueLengthLimit:
      settings.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT ??
      settings.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT ??
      NO_LIMIT,
    eventCountLimit: settings.OTEL_SPAN_EVENT_COUNT_LIMIT,
    linkCountLimit: settings.OTEL_SPAN_LINK_COUNT_LIMIT,
    attributePerEventCountLimit: settings.OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT,
    attributePerLinkCountLimit: settings.OTEL_LINK_ATTRIBUTE_COUNT_LIMIT,
  };
}

/** The same for log records. */
export function logRecordLimits(settings: Settings): Required<LogRecordLimits> {
  return {
    attributeCountLimit:
      settings.OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT ?? settings.OTEL_ATTRIBUTE_COUNT_LIMIT,
    attributeValueLengthLimit:
      settings.OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT ??
      settings.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT ??
      NO_LIMIT,
  };
}

/** The batch settings of spans (BSP) and of log records (BLRP). */
export function batchOptions(processor: 'BSP' | 'BLRP', settings: Settings): BatchOptions {
  const maxQueueSize = settings[`OTEL_${processor}_MAX_QUEUE_SIZE`];
  return {
    maxQueueSize,
    maxBatchSize: Math.min(settings[`OTEL_${processor}_MAX_EXPORT_BATCH_SIZE`], maxQueueSize),
    scheduleDelay: settings[`OTEL_${processor}_SCHEDULE_DELAY`],
  };
}
