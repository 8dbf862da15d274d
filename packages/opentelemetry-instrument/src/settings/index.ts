export { publishSettings } from './apply-to-env.ts';
export { type EffectiveSetting, effectiveSettings } from './effective-settings.ts';
export { exporterOptions } from './exporter-options.ts';
export { type CommandLine, flagOf, parseFlags, UsageError } from './parse-flags.ts';
export { describeProblem, type Problem } from './problem.ts';
export type { ProgramSettings } from './program-settings.ts';
export { readEnvFile } from './read-env-file.ts';
export { readSettings } from './read-settings.ts';
export type { Environment, Sources } from './sources.ts';
export {
  boolean,
  choice,
  choices,
  entriesOf,
  hideSecrets,
  integer,
  milliseconds,
  type Parsed,
  quoteEntry,
  ratio,
  shownDefault,
  text,
  texts,
  timeout,
  url,
  type ValuesOf,
  type Variable,
  type VariableTable,
} from './variable.ts';
export { type Settings, telemetrySections, telemetryVariables } from './variables.ts';
