export { type EffectiveSetting, effectiveSettings } from './effective-settings.ts';
export { exporterOptions } from './exporter-options.ts';
export { type CommandLine, flagOf, parseFlags, UsageError } from './parse-flags.ts';
export { describeProblem, type Problem } from './problem.ts';
export type { ProgramSettings } from './program-settings.ts';
export { readEnvFile } from './read-env-file.ts';
export { readSettings } from './read-settings.ts';
export { applyToEnv, type Environment, type Sources } from './sources.ts';
export {
  displayDefault,
  entriesOf,
  hideSecrets,
  type Parsed,
  quoteEntry,
  type ValuesOf,
  type Variable,
  type VariableTable,
} from './variable.ts';
export {
  boolean,
  choice,
  choices,
  integer,
  milliseconds,
  ratio,
  text,
  texts,
  timeout,
  url,
} from './variable-kinds.ts';
export { type Settings, telemetrySections, telemetryVariables } from './variables.ts';
