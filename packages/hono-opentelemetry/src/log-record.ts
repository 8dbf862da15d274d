import { type Attributes, type Context, diag } from '@opentelemetry/api';
import { SCOPE_NAME, SCOPE_OPTIONS, SCOPE_VERSION } from './scope.ts';

/** A log record of this package. */
export interface ExceptionRecord {
  readonly eventName?: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body?: string;
  readonly attributes: Attributes;
  readonly context?: Context;
}

/**
 * A logger provider of either API: the `LoggerProvider` of `@opentelemetry/api-logs` and that of
 * `@opentelemetry/api` 1.10 both match.
 */
export interface ExceptionLoggerProvider {
  getLogger(
    name: string,
    version?: string,
    options?: { schemaUrl?: string },
  ): { emit(record: ExceptionRecord): void };
}

/** The globals that the two APIs register. The types of one do not know the other. */
interface GlobalLogsApis {
  /** @opentelemetry/api 1.10 and newer */
  readonly [API]?: { readonly logs?: ExceptionLoggerProvider };
  /** @opentelemetry/api-logs */
  readonly [API_LOGS]?: (version: number) => ExceptionLoggerProvider;
}

const API: unique symbol = Symbol.for('opentelemetry.js.api.1');
const API_LOGS: unique symbol = Symbol.for('io.opentelemetry.js.api.logs');
/** The compatibility version of `@opentelemetry/api-logs`. */
const API_LOGS_VERSION = 1;

/** Returns the logger provider that is registered with `@opentelemetry/api` or `api-logs`. */
function globalLoggerProvider(): ExceptionLoggerProvider | undefined {
  const { [API]: api, [API_LOGS]: apiLogs } = globalThis as GlobalLogsApis;
  return api?.logs ?? apiLogs?.(API_LOGS_VERSION);
}

let isLossReported = false;

/**
 * Emits a log record to a provider, or to the global one.
 * @param isRequested whether the user asked for log records; if so, a missing provider is reported once
 */
export function emitRecord(
  record: ExceptionRecord,
  loggerProvider: ExceptionLoggerProvider | undefined,
  isRequested: boolean,
): void {
  const provider = loggerProvider ?? globalLoggerProvider();
  if (provider !== undefined) {
    provider.getLogger(SCOPE_NAME, SCOPE_VERSION, SCOPE_OPTIONS).emit(record);
  } else if (isRequested && !isLossReported) {
    isLossReported = true;
    diag.warn(
      'hono-opentelemetry: no logger provider is registered, so log records of exceptions are lost. ' +
        'Register one, or pass `loggerProvider`.',
    );
  }
}
