import type { Signal } from '../exporter.ts';

/** Names of the environment variables that configure the export of one signal. */
export interface OtlpVariables {
  readonly exporter: string;
  readonly endpoint: string;
  readonly protocol: string;
  readonly headers: string;
  readonly timeout: string;
  readonly certificate: string;
  readonly clientKey: string;
  readonly clientCertificate: string;
}

/**
 * Returns the names of the variables to change: a signal's own variable if it is set, else the variable
 * for all signals.
 */
export function findOtlpVariables(signal: Signal, isSet: (name: string) => boolean): OtlpVariables {
  function otlp(setting: string): string {
    const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${setting}`;
    return isSet(own) ? own : `OTEL_EXPORTER_OTLP_${setting}`;
  }
  return {
    exporter: `OTEL_${signal.toUpperCase()}_EXPORTER`,
    endpoint: otlp('ENDPOINT'),
    protocol: otlp('PROTOCOL'),
    headers: otlp('HEADERS'),
    timeout: otlp('TIMEOUT'),
    certificate: otlp('CERTIFICATE'),
    clientKey: otlp('CLIENT_KEY'),
    clientCertificate: otlp('CLIENT_CERTIFICATE'),
  };
}

/**
 * Returns the assignment that sends a signal to `url`. The variable for all signals takes a base URL, to
 * which exporters append `/v1/<signal>`.
 */
export function assignEndpoint({ endpoint }: OtlpVariables, url: string): string {
  const isBase = endpoint === 'OTEL_EXPORTER_OTLP_ENDPOINT';
  return `${endpoint}=${isBase ? url.replace(/\/v1\/(traces|metrics|logs)$/, '') : url}`;
}
