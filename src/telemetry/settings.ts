import type { Signal } from './exporter.ts';

/** What the `OTEL_*` variables say that the SDK does not read by itself. */
export interface TelemetrySettings {
  readonly disabled: boolean;
  /** Names of exporters, in the order they were written; empty where the signal goes nowhere. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  /** Milliseconds; undefined leaves the choice to the exporter. */
  readonly metricInterval: number | undefined;
  /** A sentence for each value that was not understood, and what happens instead. */
  readonly warnings: readonly string[];
  /** A sentence for each value that makes it pointless to start. */
  readonly errors: readonly string[];
}

export type Environment = Record<string, string | undefined>;

/**
 * Reads the environment by the specification's rules: empty is unset, what cannot be understood warns
 * and counts as unset.
 * @param known names of the exporters there are
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function readTelemetrySettings(
  env: Environment,
  known: readonly string[],
): TelemetrySettings {
  const warnings: string[] = [];
  const text = (name: string) => env[name]?.trim() || undefined;

  function boolean(name: string): boolean {
    const value = text(name)?.toLowerCase();
    if (value !== undefined && value !== 'true' && value !== 'false') {
      warnings.push(`${name} is "${env[name]}", which counts as false: write true or false.`);
    }
    return value === 'true';
  }

  function integer(name: string): number | undefined {
    const value = text(name);
    if (value === undefined) return undefined;
    if (/^\d+$/.test(value) && Number(value) > 0 && Number(value) < 2 ** 31) return Number(value);
    warnings.push(`${name} is "${value}" and is ignored: write a whole number of milliseconds.`);
    return undefined;
  }

  function exporters(signal: Signal): readonly string[] {
    const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
    const written = text(name)?.toLowerCase().split(',') ?? [];
    const names = new Set(written.map((entry) => entry.trim()).filter((entry) => entry !== ''));
    if (names.delete('none')) {
      if (names.size > 0) {
        warnings.push(`${name} is "${env[name]}": none wins, and ${signal} go nowhere.`);
      }
      return [];
    }
    const standard = defaultExporters(env, signal);
    for (const entry of [...names].filter((entry) => !known.includes(entry))) {
      names.delete(entry);
      const instead = names.size > 0 ? [...names] : standard;
      warnings.push(
        `${name} names "${entry}", which is no exporter: ${signal} go to ${instead.join(', ') || 'none'}. ` +
          `Known are ${[...known, 'none'].join(', ')}.`,
      );
    }
    return names.size > 0 ? [...names] : standard;
  }

  /** The package that is loaded is the protocol: the SDK's exporters would ignore another one. */
  function unsupportedProtocol(signal: Signal): string[] {
    const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`;
    const name = text(own) === undefined ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : own;
    const protocol = text(name)?.toLowerCase();
    return protocol === undefined || protocol === 'http/protobuf'
      ? []
      : [`${name} is "${env[name]}", which is not supported yet: write http/protobuf.`];
  }

  const chosen = {
    traces: exporters('traces'),
    metrics: exporters('metrics'),
    logs: exporters('logs'),
  };
  const overOtlp = (['traces', 'metrics', 'logs'] as const).filter((signal) =>
    chosen[signal].includes('otlp'),
  );
  return {
    disabled: boolean('OTEL_SDK_DISABLED'),
    exporters: chosen,
    metricInterval: integer('OTEL_METRIC_EXPORT_INTERVAL'),
    warnings,
    errors: [...new Set(overOtlp.flatMap(unsupportedProtocol))],
  };
}

/** OTLP once an endpoint is given, else what a person at a terminal wants to see. */
function defaultExporters(env: Environment, signal: Signal): readonly string[] {
  const endpoints = [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`,
  ];
  if (endpoints.some((name) => env[name]?.trim())) return ['otlp'];
  return signal === 'metrics' ? [] : ['tree'];
}
