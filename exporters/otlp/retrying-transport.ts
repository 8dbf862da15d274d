import type { ExportFailure, ReportsPendingReason } from '../exporter.ts';
import { describeFailure, type FailureContext } from './failure/index.ts';
import type { OutageReporter } from './outages.ts';
import type { Transport } from './transport.ts';

const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 5_000;
const BACKOFF_FACTOR = 1.5;
const JITTER = 0.2;

/** A request without a final result. */
interface PendingRequest {
  readonly startedAt: number;
  /** The failure of the last attempt. */
  failure?: ExportFailure;
}

/**
 * Returns a transport that retries failed requests within the time limit of the export.
 *
 * It waits as long as the server requests, but at least for the back-off: a `Retry-After` of 0 must not
 * cause a burst. It does not wait longer than the time limit allows.
 * @param outages receives failures that are retried, and successes
 * @param maxAttempts attempts per request
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling
 */
export function createRetryingTransport(
  transport: Transport,
  context: FailureContext,
  outages: OutageReporter,
  maxAttempts: number = Number.POSITIVE_INFINITY,
): Transport & Required<ReportsPendingReason> {
  /** The oldest first. */
  const pending = new Set<PendingRequest>();

  return {
    async send(data, timeoutMillis) {
      const request: PendingRequest = { startedAt: performance.now() };
      const deadline = request.startedAt + timeoutMillis;
      pending.add(request);
      try {
        let backoff = MIN_BACKOFF_MS;
        for (let attempt = 1; ; attempt++) {
          const result = await transport.send(data, deadline - performance.now());
          if (result.status === 'success') {
            outages.end(context.signal, request.failure !== undefined);
          }
          if (result.status !== 'retryable' || attempt >= maxAttempts) return result;
          const { retryAfterMillis = 0 } = result.failure;
          const jittered = backoff * (1 + JITTER * (2 * Math.random() - 1));
          // The back-off also replaces NaN.
          const delay = retryAfterMillis > jittered ? retryAfterMillis : jittered;
          if (performance.now() + delay >= deadline) return result;
          request.failure = result.failure;
          outages.begin(result.failure, context);
          await sleep(delay);
          // A busy machine may have slept longer.
          if (performance.now() >= deadline) return result;
          backoff = Math.min(backoff * BACKOFF_FACTOR, MAX_BACKOFF_MS);
        }
      } finally {
        pending.delete(request);
      }
    },
    pendingReason() {
      const [oldest] = pending;
      if (oldest === undefined) return undefined;
      if (oldest.failure) return describeFailure(oldest.failure, context);
      const seconds = ((performance.now() - oldest.startedAt) / 1_000).toFixed(1);
      return {
        problem: `${context.endpoint} did not respond within ${seconds} s`,
        fix: 'check the Collector',
      };
    },
    shutdown: () => transport.shutdown(),
  };
}

/** Waits without keeping the program alive: `shutdown()` waits for pending requests. */
function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => {
    // Workers return a number.
    const timer: { unref?(): void } | number = setTimeout(resolve, millis);
    if (typeof timer === 'object') timer.unref?.();
  });
}
