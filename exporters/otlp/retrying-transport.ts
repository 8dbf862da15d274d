import { setTimeout as sleep } from 'node:timers/promises';
import { diag } from '@opentelemetry/api';
import type { IExporterTransport } from '@opentelemetry/otlp-exporter-base';

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
 * Written anew since otlp-exporter-base keeps its own to itself, which takes 0 at its word.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling
 */
export function createRetryingTransport(transport: IExporterTransport): IExporterTransport {
  let isTold = false;
  return {
    async send(data, timeoutMillis) {
      const deadline = performance.now() + timeoutMillis;
      for (let backOff = FIRST_WAIT; ; backOff = Math.min(backOff * GROWTH, LONGEST_WAIT)) {
        const response = await transport.send(data, deadline - performance.now());
        if (response.status === 'success') {
          if (isTold) diag.warn('what was tried again has arrived');
          isTold = false;
        }
        if (response.status !== 'retryable') return response;
        const jittered = backOff * (1 + JITTER * (2 * Math.random() - 1));
        const wait = Math.max(jittered, response.retryInMillis ?? 0);
        if (performance.now() + wait >= deadline) return response;
        // Whoever has just started wants to know now, not when the time of the export is over.
        if (!isTold && response.error) diag.warn(`${response.error.message}; it is tried again`);
        isTold = true;
        // It does not keep a program alive: who ends one calls shutdown().
        await sleep(wait, undefined, { ref: false });
        // A busy machine may have slept longer.
        if (performance.now() >= deadline) return response;
      }
    },
    shutdown: () => transport.shutdown(),
  };
}
