import { setTimeout as sleep } from 'node:timers/promises';
import { diag } from '@opentelemetry/api';
import type { ReportsPendingReason } from '../exporter.ts';
import type { Transport } from './transport.ts';

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 5_000;
const GROWTH = 1.5;
const JITTER = 0.2;

/**
 * Sends again what could not be taken, until the time of the export is over.
 *
 * It waits as long as the other end asks, but never less than its own back-off, so that a
 * `Retry-After` of 0 makes no burst. When it would have to wait beyond its time it gives up at once. The
 * first failure of a row is told as a warning, and its end.
 * @param address of the other end, for a person
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling
 */
export function createRetryingTransport(
  transport: Transport,
  address: string,
): Transport & Required<ReportsPendingReason> {
  let isTold = false;
  /** Batches on their way, the oldest first: since when, and why the last attempt failed. */
  const waiting = new Set<{ readonly since: number; failure?: string }>();

  return {
    async send(data, timeoutMillis) {
      const batch: { readonly since: number; failure?: string } = { since: performance.now() };
      const deadline = batch.since + timeoutMillis;
      waiting.add(batch);
      try {
        for (let backOff = FIRST_WAIT; ; backOff = Math.min(backOff * GROWTH, LONGEST_WAIT)) {
          const response = await transport.send(data, deadline - performance.now());
          if (response.status === 'success') {
            if (isTold && batch.failure) diag.warn('what was tried again has arrived');
            isTold = false;
          }
          if (response.status !== 'retryable') return response;
          const jittered = backOff * (1 + JITTER * (2 * Math.random() - 1));
          const { error, retryInMillis = 0 } = response;
          // Never below the back-off, and false for NaN.
          const wait = retryInMillis > jittered ? retryInMillis : jittered;
          if (performance.now() + wait >= deadline) return response;
          batch.failure = error.message;
          // Whoever has just started wants to know now, not when the time of the export is over.
          if (!isTold) diag.warn(`${batch.failure}; it is tried again`);
          isTold = true;
          // It does not keep a program alive: who ends one calls shutdown().
          await sleep(wait, undefined, { ref: false });
          // A busy machine may have slept longer.
          if (performance.now() >= deadline) return response;
        }
      } finally {
        waiting.delete(batch);
      }
    },
    pendingReason() {
      const [oldest] = waiting;
      if (oldest === undefined) return undefined;
      const seconds = ((performance.now() - oldest.since) / 1_000).toFixed(1);
      return oldest.failure ?? `${address} gave no answer within ${seconds} s`;
    },
    shutdown: () => transport.shutdown(),
  };
}
