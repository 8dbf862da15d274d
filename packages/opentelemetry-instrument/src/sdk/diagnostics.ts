import { DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Settings } from '../settings/index.ts';
import { timeOfDay } from './export-stats/index.ts';
import { throttle as throttleWithTimer } from './throttle.ts';

/** Maximum number of distinct messages. Further ones are ignored. */
const MAX_MESSAGES = 100;

/** Options of `routeDiagnostics()`. */
export interface Diagnostics {
  readonly level: Settings['OTEL_LOG_LEVEL'];
  /** Receives human-readable messages. */
  notify(message: string): void;
  /** Limits how often a message is reported. @default a timer */
  readonly throttle?: typeof throttleWithTimer;
}

/**
 * Passes diagnostic messages of the SDK to `notify`: each message immediately, then the number of
 * its repetitions at most once a minute. Failed exports are reported by their `Delivery`.
 */
export function routeDiagnostics({
  level,
  notify,
  throttle = throttleWithTimer,
}: Diagnostics): void {
  const repeats = new Map<string, () => void>();
  function log(message: string, ...details: unknown[]): void {
    const text = `OpenTelemetry: ${[message, ...details].map(toText).join(' ')}`;
    if (!repeats.has(text)) {
      if (repeats.size >= MAX_MESSAGES) return;
      const repeat = throttle((count, isFirst) =>
        notify(`${timeOfDay()} ${text}${isFirst ? '' : ` (${count} times more)`}`),
      );
      repeats.set(text, repeat);
    }
    repeats.get(text)?.();
  }

  const logLevel = DiagLogLevel[level.toUpperCase() as Uppercase<typeof level>];
  const logger = { error: log, warn: log, info: log, debug: log, verbose: log };
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
  // Batch processors pass each failed export to this handler. Its Delivery already reported it.
  setGlobalErrorHandler((error) => diag.debug(toText(error)));
}

/** Returns the string of a value, or a placeholder: a message must not throw into the SDK. */
function toText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '[unreadable]';
  }
}
