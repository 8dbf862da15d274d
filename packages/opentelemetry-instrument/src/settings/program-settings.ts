import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import type { ExporterOptions, Signal } from 'opentelemetry-instrument-exporters';
import type { OtlpSettings } from './otlp-settings.ts';
import type { Reading } from './read-variables.ts';
import type { Origin } from './sources.ts';
import { displayDefault, displayValue, type VariableTable } from './variable.ts';
import type { TelemetryVariables } from './variables.ts';

/** Every setting of a program, and the problems found in them. */
export interface ProgramSettings<Own extends VariableTable = Record<never, never>>
  extends Reading<Own & TelemetryVariables> {
  /** Names of exporters, in the order they were written; none: the signal is off. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  readonly otlp: Readonly<Record<Signal, OtlpSettings>>;
  /** Views of the metrics, which only a configuration file can have. */
  readonly views?: readonly ViewOptions[] | undefined;
}

/** An effective setting, human-readable. */
export interface EffectiveSetting {
  /** Name of the variable. */
  readonly name: string;
  /** The value as written or the default, without secrets; `set` if it is secret. */
  readonly value: string;
  readonly origin: Origin | 'default';
}

/** Returns every setting with the origin of its value. */
export function effectiveSettings({
  variables,
  written,
}: Pick<Reading, 'variables' | 'written'>): EffectiveSetting[] {
  return Object.entries(variables).map(([name, variable]) => {
    const found = written.get(name);
    if (found === undefined) return { name, value: displayDefault(variable), origin: 'default' };
    return { name, value: displayValue(variable, found.text) ?? 'set', origin: found.origin };
  });
}

/**
 * Returns what exporters need to know of the settings.
 * @param program what the program itself adds; `allowedHosts` are names under which Prometheus may scrape,
 *   in addition to its own
 */
export function exporterOptions(
  {
    settings,
    exporters,
    otlp,
  }: Pick<ProgramSettings, 'settings' | 'exporters'> & Pick<ExporterOptions, 'otlp'>,
  {
    allowedHosts = [],
    viewer,
    traceUrl,
  }: Pick<ExporterOptions, 'viewer' | 'traceUrl'> & {
    readonly allowedHosts?: readonly string[];
  } = {},
): ExporterOptions {
  return {
    exporters,
    otlp,
    otlpMetrics: {
      temporality: settings.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE,
      histogramAggregation: settings.OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION,
    },
    prometheus: {
      host: settings.OTEL_EXPORTER_PROMETHEUS_HOST,
      port: settings.OTEL_EXPORTER_PROMETHEUS_PORT,
      allowedHosts,
    },
    tree: {
      showPages: settings.OTEL_JS_TREE_PAGES,
      slowMillis: settings.OTEL_JS_TREE_SLOW_THRESHOLD,
    },
    viewer,
    traceUrl,
  };
}
