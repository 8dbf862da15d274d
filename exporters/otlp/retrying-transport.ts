import { setTimeout as sleep } from 'node:timers/promises';
import { diag } from '@opentelemetry/api';
import type { ReportsPendingReason } from '../exporter.ts';
import { describeFailure } from './describe-failure.ts';
import type { ExportFailure } from './export-failure.ts';
import type { FailureContext } from './failure-context.ts';
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
 * cause a burst. It does not wait longer than the time limit allows. The first retryable failure is
 * reported as a warning, and so is the first success after it.
 * @param maxAttempts attempts per request
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling
 */
export function createRetryingTransport(
  transport: Transport,
  context: FailureContext,
  maxAttempts: number = Number.POSITIVE_INFINITY,
): Transport & Required<ReportsPendingReason> {
  let isReported = false;
  /** The oldest first. */
  const pending = new Set<PendingRequest>();

  function describe(failure: ExportFailure): string {
    const { problem, fix } = describeFailure(failure, context);
    return `${problem}: ${fix}`;
  }

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
            if (isReported && request.failure) diag.warn('export succeeded after retry');
            isReported = false;
          }
          if (result.status !== 'retryable' || attempt >= maxAttempts) return result;
          const { retryAfterMillis = 0 } = result.failure;
          const jittered = backoff * (1 + JITTER * (2 * Math.random() - 1));
          // The back-off also replaces NaN.
          const delay = retryAfterMillis > jittered ? retryAfterMillis : jittered;
          if (performance.now() + delay >= deadline) return result;
          request.failure = result.failure;
          if (!isReported) diag.warn(`${describe(result.failure)}; retrying`);
          isReported = true;
          // Not a reason to keep the program alive: shutdown() waits for pending requests.
          await sleep(delay, undefined, { ref: false });
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
      if (oldest.failure) return describe(oldest.failure);
      const seconds = ((performance.now() - oldest.startedAt) / 1_000).toFixed(1);
      return `${context.endpoint} did not respond within ${seconds} s`;
    },
    shutdown: () => transport.shutdown(),
  };
}
