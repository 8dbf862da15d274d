import { generalVariables } from './sections/general.ts';
import { instrumentationVariables } from './sections/instrumentation.ts';
import { metricVariables } from './sections/metrics.ts';
import { otlpVariables } from './sections/otlp.ts';
import { logVariables, traceVariables } from './sections/records.ts';
import type { ValuesOf } from './variable.ts';

/**
 * All variables by section. This table is the source of the reader, of flags and `--help`, of "did you
 * mean" and of docs/settings.md.
 *
 * Names, forms and defaults of `OTEL_*` are the specification's; deviations are in `help`.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const telemetrySections = {
  'All signals': generalVariables,
  Traces: traceVariables,
  Metrics: metricVariables,
  Logs: logVariables,
  OTLP: otlpVariables,
  Instrumentation: instrumentationVariables,
};

/** All variables by name. */
export const telemetryVariables = {
  ...generalVariables,
  ...traceVariables,
  ...metricVariables,
  ...logVariables,
  ...otlpVariables,
  ...instrumentationVariables,
};

/** The table of all variables. */
export type TelemetryVariables = typeof telemetryVariables;

export type VariableName = keyof TelemetryVariables;

/** Values of the variables above. */
export type Settings = ValuesOf<TelemetryVariables>;
