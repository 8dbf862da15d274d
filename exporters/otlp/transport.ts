import { SDK_INFO } from '@opentelemetry/core';
import type { Signal } from '../exporter.ts';
import type { OtlpOptions } from './options.ts';
import { VERSION } from './version.ts';

/**
 * Bytes of an answer that are read. The largest answer there is says which records were rejected and
 * why; what is longer comes from something else.
 */
export const MAX_ANSWER: number = 1024 * 1024;

/** Statuses of HTTP after which another try is worth it, of a proxy before gRPC, too. */
export const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#user-agent */
export const USER_AGENT: string = `opentelemetry-instrument-exporters/${VERSION} OTel-OTLP-Exporter-JavaScript/${SDK_INFO['telemetry.sdk.version']}`;

/** The outcome of sending one request. */
export type TransportResult =
  | {
      readonly status: 'success';
      /** The body of the response; absent if it is not one of OTLP. */
      readonly data?: Uint8Array;
    }
  | { readonly status: 'failure'; readonly error: Error }
  | {
      readonly status: 'retryable';
      readonly error: Error;
      /** The delay that the collector asks for, in milliseconds. */
      readonly retryInMillis?: number;
    };

/** Sends the export requests of one signal. */
export interface Transport {
  /**
   * Sends one request. Never rejects.
   * @param timeoutMillis `Infinity` is no limit
   */
  send(request: Uint8Array, timeoutMillis: number): Promise<TransportResult>;
  shutdown(): void;
}

/** Creates the transport of a signal, without a connection yet. */
export type OpenTransport = (signal: Signal, settings: OtlpOptions) => Transport;
