import { SDK_INFO } from '@opentelemetry/core';
import type { ExportFailure, Signal } from '../exporter.ts';
import type { OtlpOptions } from '../options.ts';
import { connectionFailure, isRetryable } from './failure/index.ts';

/** Sends the export requests of one signal. */
export interface Transport {
  /**
   * Sends one request. Never rejects.
   * @param timeoutMillis time limit; `Infinity` means no limit
   */
  send(request: Uint8Array, timeoutMillis: number): Promise<TransportResult>;
  shutdown(): void;
}

/** Creates the transport of a signal. Does not connect yet. */
export type OpenTransport = (signal: Signal, settings: OtlpOptions) => Transport;

/** The outcome of sending one request. */
export type TransportResult =
  | {
      readonly status: 'success';
      /** The body of the response; absent if it is not OTLP. */
      readonly data?: Uint8Array;
    }
  | { readonly status: 'failure' | 'retryable'; readonly failure: ExportFailure };

/** The longest response that is read, in bytes. The responses of OTLP are much shorter. */
export const MAX_RESPONSE_LENGTH: number = 1024 * 1024;

/** HTTP statuses after which a retry may succeed. Proxies respond with them to gRPC, too. */
export const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Version of this package. A test compares it with package.json. */
export const VERSION = '0.1.0';

/** Value of the header. @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#user-agent */
export const USER_AGENT: string = `opentelemetry-instrument-exporters/${VERSION} OTel-OTLP-Exporter-JavaScript/${SDK_INFO['telemetry.sdk.version']}`;

/**
 * Returns the error of a response that is not complete within the time limit.
 * @param status of the response; undefined if it has not begun
 */
export function responseTimeout(status: number | undefined): Error {
  return Object.assign(new Error(), { name: 'TimeoutError', status });
}

/** Returns the result of a request that got no complete response. */
export function failedResult(error: unknown, { timeoutMillis }: OtlpOptions): TransportResult {
  const { name, status } = Object(error) as { name?: unknown; status?: number };
  if (name === 'TimeoutError') {
    return { status: 'failure', failure: { kind: 'timeout', timeoutMillis, status } };
  }
  const failure = connectionFailure(error);
  return { status: isRetryable(failure) ? 'retryable' : 'failure', failure };
}
