import type { OtlpProtocol, Signal } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting } from '../../settings/effective-settings.ts';

/** Of the variables that decide where one signal goes, as a person would change them. */
export interface Names {
  readonly exporter: string;
  readonly endpoint: string;
  readonly protocol: string;
  readonly headers: string;
  readonly timeout: string;
  readonly certificate: string;
  readonly clientKey: string;
  readonly clientCertificate: string;
}

/** What explaining needs to know besides: of the exporter and its settings. */
export interface Circumstances {
  readonly signal: Signal;
  readonly url: string;
  readonly protocol: OtlpProtocol;
  /** Names of the headers that are sent. */
  readonly headers: readonly string[];
  /** Of the variables to change. */
  readonly names: Names;
}

/** A signal's own variable where it is set, else the one for all three. */
export function nameVariables(signal: Signal, settings: readonly EffectiveSetting[]): Names {
  const written = new Set(
    settings.filter(({ origin }) => origin !== 'default').map(({ name }) => name),
  );
  function otlp(setting: string): string {
    const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${setting}`;
    return written.has(own) ? own : `OTEL_EXPORTER_OTLP_${setting}`;
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
 * The assignment that makes a signal go to `url`. The variable for all three signals takes a base, to
 * which `/v1/<signal>` is added.
 */
export function assignEndpoint(names: Names, url: string): string {
  const isBase = names.endpoint === 'OTEL_EXPORTER_OTLP_ENDPOINT';
  return `${names.endpoint}=${isBase ? url.replace(/\/v1\/(traces|metrics|logs)$/, '') : url}`;
}

/** What a server was sent that does not let us in, and what to change. */
export function explainHeaders({ headers, names }: Pick<Circumstances, 'headers' | 'names'>): {
  readonly sent: string;
  readonly change: string;
} {
  if (headers.length > 0) {
    return {
      sent: `the headers sent are ${headers.join(', ')}`,
      change: `Correct ${names.headers}: values are percent-encoded, a blank is %20.`,
    };
  }
  return {
    sent: 'no header is sent',
    change: `Set ${names.headers}, as in authorization=Bearer%20<token>.`,
  };
}
