import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { type LoggerProvider, SeverityNumber } from '@opentelemetry/api-logs';
import { emptyResource } from '@opentelemetry/resources';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { clockOffsetOf, readTime } from './clock/index.ts';

/** Creates a logger provider that passes log records to one exporter, for use without the SDK. */
export function createMinimalLoggerProvider(exporter: LogRecordExporter): LoggerProvider {
  return {
    getLogger: (name, version) => ({
      enabled: () => true,
      emit(record) {
        const recordContext = record.context ?? context.active();
        const time = readTime(clockOffsetOf(trace.getSpan(recordContext)));
        const spanContext = trace.getSpanContext(recordContext);
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
