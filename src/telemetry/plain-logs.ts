import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { type LoggerProvider, SeverityNumber } from '@opentelemetry/api-logs';
import { millisToHrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';

/** Hands log records to one exporter without the SDK: what a person reads while that is disabled. */
export function createPlainLoggerProvider(exporter: LogRecordExporter): LoggerProvider {
  return {
    getLogger: (name, version) => ({
      enabled: () => true,
      emit(record) {
        const time = millisToHrTime(Date.now());
        const spanContext = trace.getSpanContext(record.context ?? context.active());
        exporter.export(
          [
            {
              ...record,
              hrTime: time,
              hrTimeObserved: time,
              severityNumber: record.severityNumber ?? SeverityNumber.UNSPECIFIED,
              ...(spanContext && isSpanContextValid(spanContext) && { spanContext }),
              resource: emptyResource(),
              instrumentationScope: { name, ...(version !== undefined && { version }) },
              attributes: record.attributes ?? {},
              droppedAttributesCount: 0,
            },
          ],
          () => {},
        );
      },
    }),
  };
}
