import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { VERSION } from '../version.ts';
import { exceptionAttributes, formatMessage } from './exception-message.ts';
import { SCHEMA_URL } from './resource-attributes.ts';

const CRASH_SCOPE = 'opentelemetry-instrument.crash';

/** Emits a log record for an exception that ends the process. */
export function emitCrash(error: unknown): void {
  logs.getLogger(CRASH_SCOPE, VERSION, { schemaUrl: SCHEMA_URL }).emit({
    eventName: 'exception',
    severityNumber: SeverityNumber.FATAL,
    severityText: 'FATAL',
    body: error instanceof Error ? error.message : formatMessage([error]),
    attributes: exceptionAttributes([error]),
  });
}

/** Wraps a processor to ignore crashes, which the runtime itself shows on stderr. */
export function withoutCrashes(processor: LogRecordProcessor): LogRecordProcessor {
  return {
    ...processor,
    onEmit(record, context) {
      if (record.instrumentationScope.name !== CRASH_SCOPE) processor.onEmit(record, context);
    },
    forceFlush: (options) => processor.forceFlush(options),
    shutdown: () => processor.shutdown(),
  };
}
