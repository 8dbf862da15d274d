import type { Signal } from 'opentelemetry-instrument-exporters';
import type { OtlpSettings } from './otlp-settings.ts';
import type { Reading } from './read-variables.ts';
import type { VariableTable } from './variable.ts';
import type { telemetryVariables } from './variables.ts';

/** Every setting of a program, and the problems found in them. */
export interface ProgramSettings<Own extends VariableTable = Record<never, never>>
  extends Reading<Own & typeof telemetryVariables> {
  /** Names of exporters, in the order they were written; none: the signal goes nowhere. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  readonly otlp: Readonly<Record<Signal, OtlpSettings>>;
}
