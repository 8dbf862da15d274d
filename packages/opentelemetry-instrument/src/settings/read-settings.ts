import type { Signal } from 'opentelemetry-instrument-exporters';
import { checkSettings } from './check-settings.ts';
import { exportersOf, otlpSettings } from './otlp-settings.ts';
import type { ProgramSettings } from './program-settings.ts';
import { readVariables } from './read-variables.ts';
import type { Sources } from './sources.ts';
import type { VariableTable } from './variable.ts';
import { telemetryVariables } from './variables.ts';

/**
 * Reads flags, environment and `.env` file, and finds all mistakes at once. Never throws.
 *
 * Empty and invalid values count as unset.
 * @param own the program's variables, in addition to those of telemetry
 */
export function readSettings<Own extends VariableTable = Record<never, never>>(
  sources: Sources,
  own = {} as Own,
): ProgramSettings<Own> {
  const reading = readVariables({ ...own, ...telemetryVariables }, sources);
  const resolved = {
    ...reading,
    exporters: bySignal((signal) => exportersOf(signal, reading.settings)),
    otlp: bySignal((signal) => otlpSettings(signal, reading.settings)),
  };
  return { ...resolved, problems: [...reading.problems, ...checkSettings(resolved)] };
}

function bySignal<T>(make: (signal: Signal) => T): Record<Signal, T> {
  return { traces: make('traces'), metrics: make('metrics'), logs: make('logs') };
}
