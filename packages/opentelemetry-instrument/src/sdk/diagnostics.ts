import { DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Settings } from '../settings/variables.ts';
import { throttle } from './throttle.ts';

/** Different sentences that are told; what comes beyond is noise. */
const MAX_MESSAGES = 100;

export interface Diagnostics {
  readonly level: Settings['OTEL_LOG_LEVEL'];
  /** Takes a sentence for a person. */
  notify(message: string): void;
}

/**
 * Takes what the SDK says about itself: each sentence at once, then at most once a minute how often
 * it came again. Failed exports are told by their `Delivery`.
 */
export function routeDiagnostics({ level, notify }: Diagnostics): void {
  const repeats = new Map<string, () => void>();
  function log(message: string, ...details: unknown[]): void {
    const text = `OpenTelemetry: ${[message, ...details].map(toText).join(' ')}`;
    if (!repeats.has(text)) {
      if (repeats.size >= MAX_MESSAGES) return;
      const repeat = throttle((count, isFirst) =>
        notify(isFirst ? text : `${text} (${count} times more)`),
      );
      repeats.set(text, repeat);
    }
    repeats.get(text)?.();
  }

  const logLevel = DiagLogLevel[level.toUpperCase() as Uppercase<typeof level>];
  const logger = { error: log, warn: log, info: log, debug: log, verbose: log };
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
  // Batch processors hand every failed export to this handler; its Delivery has told it already.
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
