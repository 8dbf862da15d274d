import { Console } from 'node:console';
import process from 'node:process';
// An old Node lacks getCallSites(). A named import would fail before the bundle can report the
// version that it needs.
import util from 'node:util';
import { context } from '@opentelemetry/api';
import { type LoggerProvider, logs, SeverityNumber } from '@opentelemetry/api-logs';
import { globalErrorHandler, isTracingSuppressed, suppressTracing } from '@opentelemetry/core';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { exceptionAttributes, formatMessage } from '../exception-message.ts';
import { SCHEMA_URL } from '../resource-attributes.ts';
import { createCodeAttributes } from './call-site.ts';

const SCOPE_NAME = 'console';

const SEVERITIES = {
  log: SeverityNumber.INFO,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  debug: SeverityNumber.DEBUG,
} as const;

/**
 * Script name of a runtime's console: `node:internal/console/constructor`,
 * `ext:deno_web/01_console.js`.
 */
const RUNTIME_CONSOLE = /^(node|ext):.*console/;

type Method = keyof typeof SEVERITIES;
type Print = (...args: unknown[]) => void;
type Methods = Record<Method, Print> & Record<string, Print>;

/** Options of `instrumentConsole()`. */
export interface ConsoleLogsOptions {
  /**
   * Redirection of the whole console to stderr, including `table()` and `dir()`, for programs whose
   * stdout has another use. Objects are then formatted as on Node.
   * @default false
   */
  readonly redirectToStderr?: boolean;
  /**
   * Provider of the logger.
   * @default the global one
   */
  readonly loggerProvider?: LoggerProvider;
  /** Version of the instrumentation scope `console`. */
  readonly version?: string;
}

/**
 * Patches `console` to emit a log record for each `log()`, `info()`, `warn()`, `error()` and
 * `debug()`. The console still prints and throws as before.
 *
 * References to a method that were taken before this call are not instrumented. Logs from inside
 * telemetry are ignored, to avoid recursion. To detect those after an `await`, a context manager is
 * required.
 */
export function instrumentConsole({
  redirectToStderr = false,
  loggerProvider = logs,
  version,
}: ConsoleLogsOptions = {}): { restore(): void } {
  const logger = loggerProvider.getLogger(SCOPE_NAME, version, { schemaUrl: SCHEMA_URL });
  const codeAttributes = createCodeAttributes(import.meta.filename);
  const methods = console as unknown as Methods;
  const originals = { ...methods };
  let state: 'idle' | 'formatting' | 'emitting' = 'idle';

  function record(method: Method, args: readonly unknown[]): void {
    const severityNumber = SEVERITIES[method];
    const active = context.active();
    if (state !== 'idle' || isTracingSuppressed(active)) return;
    state = 'emitting';
    try {
      if (!logger.enabled({ severityNumber, context: active })) return;
      // The first two call sites are this function and the patched method.
      const callSites = util.getCallSites(10).slice(2);
      // Some methods call log() internally, such as table() on Node and group() on Deno.
      if (RUNTIME_CONSOLE.test(callSites[0]?.scriptName ?? '')) return;
      state = 'formatting';
      const body = formatMessage(args);
      const attributes = { ...codeAttributes(callSites), ...exceptionAttributes(args) };
      const severityText = SeverityNumber[severityNumber];
      state = 'emitting';
      // Processors and exporters may log later from timers and promises, so suppress those too.
      context.with(suppressTracing(active), () =>
        logger.emit({ severityNumber, severityText, body, attributes, context: active }),
      );
    } catch (error) {
      globalErrorHandler(error as Error);
    } finally {
      state = 'idle';
    }
  }

  const printers = redirectToStderr
    ? ({ ...new Console(process.stderr) } as unknown as Methods)
    : originals;
  const replacements: Record<string, Print> = redirectToStderr ? { ...printers } : {};
  for (const method of Object.keys(SEVERITIES) as Method[]) {
    const print = printers[method];
    Object.assign(replacements, {
      [method](...args: unknown[]) {
        // Formatting can run code of an argument that logs. It already did so when it was printed.
        if (state === 'formatting') return;
        try {
          print(...args);
        } finally {
          record(method, args);
        }
      },
    });
  }
  Object.assign(console, replacements);

  return {
    restore() {
      for (const [name, replacement] of Object.entries(replacements)) {
        // Leave methods that others have patched since.
        if (methods[name] === replacement && originals[name]) methods[name] = originals[name];
      }
    },
  };
}

/** Wraps a processor to ignore the records of `instrumentConsole()`. */
export function withoutConsole(processor: LogRecordProcessor): LogRecordProcessor {
  return {
    enabled: (options) =>
      options.instrumentationScope.name !== SCOPE_NAME && (processor.enabled?.(options) ?? true),
    onEmit(record, context) {
      if (record.instrumentationScope.name !== SCOPE_NAME) processor.onEmit(record, context);
    },
    forceFlush: (options) => processor.forceFlush(options),
    shutdown: () => processor.shutdown(),
  };
}
