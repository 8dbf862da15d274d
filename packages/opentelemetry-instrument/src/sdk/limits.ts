import type { LogRecordLimits } from '@opentelemetry/sdk-logs';
import type { SpanLimits } from '@opentelemetry/sdk-trace-base';
import type { Settings } from '../settings/index.ts';
import type { BatchOptions } from './batch-processor.ts';

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** Returns the limits of spans. */
export function spanLimits(settings: Settings): Required<SpanLimits> {
  return {
    ...attributeLimits('SPAN', settings),
    eventCountLimit: settings.OTEL_SPAN_EVENT_COUNT_LIMIT,
    linkCountLimit: settings.OTEL_SPAN_LINK_COUNT_LIMIT,
    attributePerEventCountLimit: settings.OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT,
    attributePerLinkCountLimit: settings.OTEL_LINK_ATTRIBUTE_COUNT_LIMIT,
  };
}

/** Returns the limits of log records. */
export function logRecordLimits(settings: Settings): Required<LogRecordLimits> {
  return attributeLimits('LOGRECORD', settings);
}

/**
 * Returns the attribute limits of these records. The general limits are the fallback.
 * @see https://opentelemetry.io/docs/specs/otel/common/#attribute-limits
 */
function attributeLimits(records: 'SPAN' | 'LOGRECORD', settings: Settings) {
  return {
    attributeCountLimit:
      settings[`OTEL_${records}_ATTRIBUTE_COUNT_LIMIT`] ?? settings.OTEL_ATTRIBUTE_COUNT_LIMIT,
    attributeValueLengthLimit:
      settings[`OTEL_${records}_ATTRIBUTE_VALUE_LENGTH_LIMIT`] ??
      settings.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT ??
      NO_LIMIT,
  };
}

/** Returns the batch settings of spans (BSP) or log records (BLRP). */
export function batchOptions(processor: 'BSP' | 'BLRP', settings: Settings): BatchOptions {
  const maxQueueSize = settings[`OTEL_${processor}_MAX_QUEUE_SIZE`];
  return {
    maxQueueSize,
    maxBatchSize: Math.min(settings[`OTEL_${processor}_MAX_EXPORT_BATCH_SIZE`], maxQueueSize),
    scheduleDelayMillis: settings[`OTEL_${processor}_SCHEDULE_DELAY`],
  };
}
