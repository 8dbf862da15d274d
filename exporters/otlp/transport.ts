import { SDK_INFO } from '@opentelemetry/core';
import manifest from '../../package.json' with { type: 'json' };
import type { OtlpSettings } from '../../src/settings.ts';
import type { Signal } from '../../src/telemetry/exporter.ts';

/**
 * Bytes of an answer that are read. The largest answer there is says which records were rejected and
 * why; what is longer comes from something else.
 */
export const MAX_ANSWER = 1024 * 1024;

/** Statuses of HTTP after which another try is worth it, of a proxy before gRPC, too. */
export const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#user-agent */
export const USER_AGENT = `${manifest.name}/${manifest.version} OTel-OTLP-Exporter-JavaScript/${SDK_INFO['telemetry.sdk.version']}`;

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
export type OpenTransport = (signal: Signal, settings: OtlpSettings) => Transport;

/** Reads the code of a protocol; gRPC's alone is larger than the rest of the telemetry. */
export async function loadTransport(protocol: OtlpSettings['protocol']): Promise<OpenTransport> {
  if (protocol === 'grpc') return (await import('./grpc-transport.ts')).openGrpcTransport;
  return (await import('./http-transport.ts')).openHttpTransport;
}
