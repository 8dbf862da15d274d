import type { Attributes } from '@opentelemetry/api';
import {
  findOtlpVariables,
  type OtlpVariables,
  type Signal,
} from 'opentelemetry-instrument-exporters';
import { checkSettings } from './check-settings.ts';
import { exportersOf, otlpSettings } from './otlp-settings.ts';
import { valueProblem } from './problem.ts';
import type { ProgramSettings } from './program-settings.ts';
import { type Reading, readVariables } from './read-variables.ts';
import { lookup, type Sources } from './sources.ts';
import { flagOf, type Problem, type VariableTable } from './variable.ts';
import { telemetryVariables } from './variables.ts';

/**
 * Reads settings without any file, and finds all mistakes at once. Never throws.
 *
 * Empty and invalid values count as unset.
 * @param own the program's variables, in addition to those of telemetry
 * @param check finds more problems, such as those of files
 */
export function resolveSettings<Own extends VariableTable>(
  sources: Sources,
  own: Own,
  check: (resolved: ProgramSettings<Own>) => readonly Problem[] = () => [],
): ProgramSettings<Own> {
  // The program's variables come first, and may override the description of a variable of telemetry.
  const reading = readVariables({ ...own, ...telemetryVariables, ...own }, sources);
  const { OTEL_RESOURCE_ATTRIBUTES: attributes } = reading.settings;
  const resource = { ...(attributes as Attributes), ...sources.structured?.resource };
  const resolved = {
    ...reading,
    settings: { ...reading.settings, OTEL_RESOURCE_ATTRIBUTES: resource },
    views: sources.structured?.views,
    exporters: bySignal((signal) => exportersOf(signal, reading.settings)),
    otlp: bySignal((signal) => ({
      ...otlpSettings(signal, reading.settings),
      names: namesOf(signal, reading),
    })),
  };
  const problems = [
    ...(sources.problems ?? []),
    ...unloadedFile(sources),
    ...reading.problems,
    ...checkSettings(resolved),
    ...check(resolved),
  ];
  const isInvalid = sources.file !== undefined && problems.some(({ isFatal }) => isFatal);
  if (!isInvalid) return { ...resolved, problems };
  return { ...resolved, settings: { ...resolved.settings, OTEL_SDK_DISABLED: true }, problems };
}

/** Reports a configuration file that the caller has not loaded. */
function unloadedFile(sources: Sources): Problem[] {
  const value = sources.file === undefined ? lookup(sources, 'OTEL_CONFIG_FILE') : undefined;
  if (value === undefined) return [];
  const finding = {
    problem: 'was not loaded',
    fix: 'call applyConfigFile() before readSettings()',
  };
  return [valueProblem(telemetryVariables, 'OTEL_CONFIG_FILE', value, finding, true)];
}

function bySignal<T>(make: (signal: Signal) => T): Record<Signal, T> {
  return { traces: make('traces'), metrics: make('metrics'), logs: make('logs') };
}

/** Returns the names of a signal's settings as the user wrote them: flags or variables. */
function namesOf(signal: Signal, { variables, written }: Reading): OtlpVariables {
  return findOtlpVariables(
    signal,
    (name) => written.has(name),
    (name) => {
      const variable = variables[name];
      const value = written.get(name);
      if (variable === undefined || value === undefined) return name;
      if (value.origin === 'file') return value.name;
      return value.origin === 'flag' ? `--${flagOf(name, variable)}` : name;
    },
  );
}
