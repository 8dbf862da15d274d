import { SIGNALS } from './otlp-settings.ts';
import type { ProgramSettings } from './read-settings.ts';
import type { Environment, Sources } from './sources.ts';

/**
 * Makes the environment say what has been understood, for those who read it by themselves: libraries,
 * and the OTLP exporters, which find each signal's own `OTEL_EXPORTER_OTLP_*` and nothing else there.
 */
export function publishSettings(
  env: Environment,
  sources: Sources,
  { settings, otlp }: ProgramSettings,
): void {
  Object.assign(env, sources['.env'], sources.variable, sources.flag);
  for (const name of Object.keys(env)) {
    if (name.startsWith('OTEL_EXPORTER_OTLP_')) delete env[name];
  }
  for (const signal of SIGNALS) {
    const { url, headers, timeoutMillis, compression, ...files } = otlp[signal];
    const pairs = Object.entries(headers).map((pair) => pair.map(encodeURIComponent).join('='));
    const values = {
      ENDPOINT: url,
      HEADERS: pairs.join(','),
      // The longest that a timer takes.
      TIMEOUT: String(Math.min(timeoutMillis, 2 ** 31 - 1)),
      COMPRESSION: compression,
      CERTIFICATE: files.certificate,
      CLIENT_KEY: files.clientKey,
      CLIENT_CERTIFICATE: files.clientCertificate,
    };
    for (const [name, value] of Object.entries(values)) {
      if (value) env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`] = value;
    }
  }
  for (const name of [
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
  ] as const) {
    env[name] = settings[name];
  }
}
