import type { OtlpOptions, Signal } from 'opentelemetry-instrument-exporters';
import { type ResolvedEndpoint, resolveEndpoint } from './resolve-endpoint.ts';
import type { Settings } from './variables.ts';

/** OTLP options of one signal: its own variables override those for all signals. */
export interface OtlpSettings extends OtlpOptions {
  /** The resolved endpoint; undefined where the default is used. */
  readonly endpoint: ResolvedEndpoint | undefined;
}

/** Returns the names of a signal's exporters, in the order of the variable; empty if it is not exported. */
export function exportersOf(signal: Signal, settings: Settings): readonly string[] {
  const written = settings[`OTEL_${upper(signal)}_EXPORTER`];
  if (written !== undefined) return written;
  const endpoint =
    settings[`OTEL_EXPORTER_OTLP_${upper(signal)}_ENDPOINT`] ??
    settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint !== undefined) return ['otlp'];
  return signal === 'metrics' ? [] : ['tree'];
}

/**
 * Returns the OTLP options of a signal.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#configuration-options
 */
export function otlpSettings(signal: Signal, settings: Settings): OtlpSettings {
  const own = `OTEL_EXPORTER_OTLP_${upper(signal)}` as const;
  const all = 'OTEL_EXPORTER_OTLP';
  const protocol = settings[`${own}_PROTOCOL`] ?? settings[`${all}_PROTOCOL`] ?? 'http/protobuf';
  const insecure = settings[`${own}_INSECURE`] ?? settings[`${all}_INSECURE`] ?? false;
  const variable = settings[`${own}_ENDPOINT`]
    ? (`${own}_ENDPOINT` as const)
    : (`${all}_ENDPOINT` as const);
  const written = settings[variable];
  const endpoint = resolveEndpoint({ variable, written, signal, protocol, insecure });
  return {
    url: endpoint.url,
    protocol,
    headers: { ...settings[`${all}_HEADERS`], ...settings[`${own}_HEADERS`] },
    // At most the processor's own timeout: it counts later exports as dropped.
    timeoutMillis: Math.min(
      settings[`${own}_TIMEOUT`] ?? settings[`${all}_TIMEOUT`] ?? 10_000,
      processorTimeout(signal, settings),
    ),
    compression: settings[`${own}_COMPRESSION`] ?? settings[`${all}_COMPRESSION`] ?? 'none',
    certificate: settings[`${own}_CERTIFICATE`] ?? settings[`${all}_CERTIFICATE`],
    clientKey: settings[`${own}_CLIENT_KEY`] ?? settings[`${all}_CLIENT_KEY`],
    clientCertificate:
      settings[`${own}_CLIENT_CERTIFICATE`] ?? settings[`${all}_CLIENT_CERTIFICATE`],
    endpoint: written === undefined ? undefined : endpoint,
  };
}

function processorTimeout(signal: Signal, settings: Settings): number {
  if (signal === 'traces') return settings.OTEL_BSP_EXPORT_TIMEOUT;
  if (signal === 'logs') return settings.OTEL_BLRP_EXPORT_TIMEOUT;
  const interval = settings.OTEL_METRIC_EXPORT_INTERVAL ?? Number.POSITIVE_INFINITY;
  return Math.min(settings.OTEL_METRIC_EXPORT_TIMEOUT, interval);
}

function upper<S extends Signal>(signal: S): Uppercase<S> {
  return signal.toUpperCase() as Uppercase<S>;
}
