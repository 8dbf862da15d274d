import { checkSettings } from './check-settings.ts';
import { exportersOf, type OtlpSettings, otlpSettings, type Signal } from './otlp-settings.ts';
import { type Reading, readVariables } from './read-variables.ts';
import type { Sources } from './sources.ts';

/** All that the program was told, and what is wrong with it. */
export interface ProgramSettings extends Reading {
  /** Names of exporters, in the order they were written; none: the signal goes nowhere. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  readonly otlp: Readonly<Record<Signal, OtlpSettings>>;
}

/**
 * Reads flags, environment and `.env` file, and finds all mistakes in one go; never throws.
 *
 * Empty is unset, and what cannot be understood counts as unset, too.
 */
export function readSettings(sources: Sources): ProgramSettings {
  const reading = readVariables(sources);
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
