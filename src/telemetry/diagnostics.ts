import { DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Settings } from '../settings.ts';
import type { Signal } from './exporter.ts';
import { tellRarely } from './tell-rarely.ts';

const PARTIAL_SUCCESS = 'Received Partial Success response:';

const REJECTED: Readonly<Record<string, Signal>> = {
  rejectedSpans: 'traces',
  rejectedDataPoints: 'metrics',
  rejectedLogRecords: 'logs',
};

/** Different sentences that are told; what comes beyond is noise. */
const MAX_SENTENCES = 100;

export interface Diagnostics {
  readonly level: Settings['OTEL_LOG_LEVEL'];
  /** Takes a sentence for a person. */
  tell(sentence: string): void;
  /** Takes how much of a batch the other end refused, and why. */
  onRejected(signal: Signal, count: number, says: string): void;
}

/**
 * Takes what the SDK says about itself: each sentence at once, then at most once a minute how often
 * it came again.
 *
 * Failed exports are told by their `Delivery`. A partial success is known to nobody but the OTLP
 * exporters, and they say it here and nowhere else.
 */
export function routeDiagnostics({ level, tell, onRejected }: Diagnostics): void {
  const sentences = new Map<string, () => void>();
  function say(message: string, ...details: unknown[]): void {
    const sentence = `OpenTelemetry: ${[message, ...details].map(String).join(' ')}`;
    if (!sentences.has(sentence)) {
      if (sentences.size >= MAX_SENTENCES) return;
      const tellAgain = tellRarely((count, isFirst) =>
        tell(isFirst ? sentence : `${sentence} (${count} times more)`),
      );
      sentences.set(sentence, tellAgain);
    }
    sentences.get(sentence)?.();
  }

  /** A warning that is counted at any level. */
  function takePartialSuccess(warn: typeof say): typeof say {
    return (message, ...details) => {
      if (message !== PARTIAL_SUCCESS) return warn(message, ...details);
      const response = parseObject(details[0]);
      const says = String(response.errorMessage || 'it does not say why');
      const rejections = Object.entries(REJECTED).flatMap(([field, signal]) => {
        const count = Number(response[field] ?? 0);
        return count > 0 ? [{ signal, count }] : [];
      });
      for (const { signal, count } of rejections) onRejected(signal, count, says);
      if (rejections.length === 0 && response.errorMessage) {
        warn(`the other end took everything and says: ${says}`);
      }
    };
  }

  const threshold = DiagLogLevel[level.toUpperCase() as Uppercase<typeof level>];
  const at = (own: DiagLogLevel) => (own <= threshold ? say : () => {});
  diag.setLogger(
    {
      error: at(DiagLogLevel.ERROR),
      warn: takePartialSuccess(at(DiagLogLevel.WARN)),
      info: at(DiagLogLevel.INFO),
      debug: at(DiagLogLevel.DEBUG),
      verbose: at(DiagLogLevel.VERBOSE),
    },
    { logLevel: Math.max(threshold, DiagLogLevel.WARN), suppressOverrideMessage: true },
  );
  // Batch processors hand every failed export to this handler; its Delivery has told it already.
  setGlobalErrorHandler((error) => diag.debug(String(error)));
}

/** What is no JSON object is an empty one. */
function parseObject(json: unknown): Record<string, unknown> {
  try {
    return Object(JSON.parse(String(json)));
  } catch {
    return {};
  }
}
