import { DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Settings } from '../settings/variables.ts';
import { throttle } from './throttle.ts';

/** Different sentences that are told; what comes beyond is noise. */
const MAX_SENTENCES = 100;

export interface Diagnostics {
  readonly level: Settings['OTEL_LOG_LEVEL'];
  /** Takes a sentence for a person. */
  tell(sentence: string): void;
}

/**
 * Takes what the SDK says about itself: each sentence at once, then at most once a minute how often
 * it came again. Failed exports are told by their `Delivery`.
 */
export function routeDiagnostics({ level, tell }: Diagnostics): void {
  const sentences = new Map<string, () => void>();
  function say(message: string, ...details: unknown[]): void {
    const sentence = `OpenTelemetry: ${[message, ...details].map(toText).join(' ')}`;
    if (!sentences.has(sentence)) {
      if (sentences.size >= MAX_SENTENCES) return;
      const tellAgain = throttle((count, isFirst) =>
        tell(isFirst ? sentence : `${sentence} (${count} times more)`),
      );
      sentences.set(sentence, tellAgain);
    }
    sentences.get(sentence)?.();
  }

  const logLevel = DiagLogLevel[level.toUpperCase() as Uppercase<typeof level>];
  const logger = { error: say, warn: say, info: say, debug: say, verbose: say };
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
