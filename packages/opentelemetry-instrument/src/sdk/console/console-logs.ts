import { Console } from 'node:console';
import process from 'node:process';
// Not by name: on an old Node the bundle must get as far as saying which Node it needs.
import util from 'node:util';
import { context } from '@opentelemetry/api';
import { type LoggerProvider, logs, SeverityNumber } from '@opentelemetry/api-logs';
import { globalErrorHandler, isTracingSuppressed, suppressTracing } from '@opentelemetry/core';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { SCHEMA_URL } from '../resource.ts';
import { createCodeAttributes } from './call-site.ts';
import { exceptionAttributes, formatMessage } from './console-message.ts';

const SCOPE_NAME = 'console';

const SEVERITIES = {
  log: SeverityNumber.INFO,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  debug: SeverityNumber.DEBUG,
} as const;

/** `node:internal/console/constructor`, `ext:deno_web/01_console.js`. */
const RUNTIMES_CONSOLE = /^(node|ext):.*console/;

type Method = keyof typeof SEVERITIES;
type Print = (...args: unknown[]) => void;
type Methods = Record<Method, Print> & Record<string, Print>;

export interface ConsoleLogsOptions {
  /**
   * Shows the whole console on stderr, `table()` and `dir()` included, because stdout belongs to
   * somebody else. Objects then look as Node prints them. Default: false.
   */
  readonly redirectToStderr?: boolean;
  /** Default: the global one. */
  readonly loggerProvider?: LoggerProvider;
  /** Version of the scope `console`. */
  readonly version?: string;
}

/**
 * Makes a log record of each `console.log()`, `info()`, `warn()`, `error()` and `debug()`, and lets
 * the console print, and throw, as before.
 *
 * The only place in the program that patches anything. A method that was taken out of `console`
 * before makes no records. Nor does what telemetry itself logs, which would never end; to recognise
 * that after an `await` takes a context manager.
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
  let doing: 'nothing' | 'formatting' | 'emitting' = 'nothing';

  function record(method: Method, args: readonly unknown[]): void {
    const severityNumber = SEVERITIES[method];
    const active = context.active();
    if (doing !== 'nothing' || isTracingSuppressed(active)) return;
    doing = 'emitting';
    try {
      if (!logger.enabled({ severityNumber, context: active })) return;
      // The first two are this function and the console's method.
      const callSites = util.getCallSites(10).slice(2);
      // On Node table(), count() and more call log(), on Deno group() does, on Bun none.
      if (RUNTIMES_CONSOLE.test(callSites[0]?.scriptName ?? '')) return;
      doing = 'formatting';
      const body = formatMessage(args);
      const attributes = { ...codeAttributes(callSites), ...exceptionAttributes(args) };
      const severityText = SeverityNumber[severityNumber];
      doing = 'emitting';
      // Timers and promises that processors and exporters start in there are telemetry's own.
      context.with(suppressTracing(active), () =>
        logger.emit({ severityNumber, severityText, body, attributes, context: active }),
      );
    } catch (error) {
      globalErrorHandler(error as Error);
    } finally {
      doing = 'nothing';
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
        // An argument that logs while it is looked at has done so when it was printed.
        if (doing === 'formatting') return;
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
        // Whoever has patched it since keeps what is his.
        if (methods[name] === replacement && originals[name]) methods[name] = originals[name];
      }
    },
  };
}

/** Leaves out what `instrumentConsole()` made, for somebody who sees the console itself. */
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
