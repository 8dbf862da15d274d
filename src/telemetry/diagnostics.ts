import { DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Signal } from './exporter.ts';

const PARTIAL_SUCCESS = 'Received Partial Success response:';

const REJECTED: Readonly<Record<string, Signal>> = {
  rejectedSpans: 'traces',
  rejectedDataPoints: 'metrics',
  rejectedLogRecords: 'logs',
};

export interface Diagnostics {
  /** Takes a sentence for a person. */
  tell(sentence: string): void;
  /** Records that the other end took a batch but refused some of it. */
  onRejected(signal: Signal, count: number): void;
}

/**
 * Takes what the SDK says about itself: warnings and errors, each sentence once.
 *
 * Failed exports are told by `trackDelivery()`. A partial success is known to nobody but the OTLP
 * exporters, and they say it here and nowhere else.
 */
export function routeDiagnostics({ tell, onRejected }: Diagnostics): void {
  const told = new Set<string>();
  function once(message: string, ...details: unknown[]): void {
    const sentence = [message, ...details].map(String).join(' ');
    if (told.has(sentence) || told.size >= 100) return;
    told.add(sentence);
    tell(`OpenTelemetry: ${sentence}`);
  }

  diag.setLogger(
    {
      error: once,
      warn(message, ...details) {
        if (message !== PARTIAL_SUCCESS) return once(message, ...details);
        const response = parseObject(details[0]);
        const says = response.errorMessage;
        const rejections = Object.entries(REJECTED).flatMap(([field, signal]) => {
          const count = Number(response[field] ?? 0);
          return count > 0 ? [{ signal, count }] : [];
        });
        for (const { signal, count } of rejections) {
          onRejected(signal, count);
          once(`the other end took ${signal} but rejected some: ${says}`);
        }
        if (rejections.length === 0 && says)
          once(`the other end took everything and says: ${says}`);
      },
      info() {},
      debug() {},
      verbose() {},
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  // Batch processors hand every failed export to this handler; trackDelivery() has told it already.
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
