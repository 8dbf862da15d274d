import type { Signal } from '../../exporters/exporter.ts';
import type { OtlpOptions } from '../../exporters/options.ts';
import { type FailureContext, failureContext } from '../../exporters/otlp/failure/index.ts';

/** Returns the context of failures of a signal that is sent to `http://collector:4318`. */
export function contextOf(signal: Signal, options: Partial<OtlpOptions> = {}): FailureContext {
  return failureContext(signal, {
    url: `http://collector:4318/v1/${signal}`,
    protocol: 'http/protobuf',
    headers: {},
    timeoutMillis: 10_000,
    compression: 'none',
    certificate: undefined,
    clientKey: undefined,
    clientCertificate: undefined,
    ...options,
  });
}
