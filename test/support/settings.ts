import {
  type CommandLine,
  parseFlags as parse,
  readSettings as read,
  type Sources,
  telemetryVariables,
} from '../../packages/opentelemetry-instrument/src/settings/index.ts';
import { appVariables, type TodoSettings } from '../../src/settings/index.ts';

/** All variables of the program: the app's and those of telemetry. */
export const variables = { ...appVariables, ...telemetryVariables };
export type VariableName = keyof typeof variables;

export type Settings = TodoSettings['settings'];

/** Reads all variables of the program. */
export function readSettings(sources: Sources): TodoSettings {
  return read(sources, appVariables);
}

/** Parses all flags of the program. */
export function parseFlags(argv: readonly string[]): CommandLine {
  return parse(argv, variables);
}

/** Returns the settings when only these variables are set. */
export function settingsOf(variable: Readonly<Record<string, string | undefined>> = {}): Settings {
  return readSettings({ variable }).settings;
}

/** A runtime that reports no metrics. */
export const TEST_RUNTIME = { name: 'test', version: '1', hasOwnTelemetry: false };
