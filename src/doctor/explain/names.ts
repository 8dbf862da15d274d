import type { EffectiveSetting } from '../../settings/effective-settings.ts';
import type { OtlpProtocol } from '../../settings/otlp-settings.ts';
import type { Signal } from '../../telemetry/exporter.ts';

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

/** What explaining needs to know of the exporter's settings. */
export interface Circumstances {
  readonly url: string;
  readonly protocol: OtlpProtocol;
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
