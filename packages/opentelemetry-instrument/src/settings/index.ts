export { applyConfigFile } from './config-file/index.ts';
export { type CommandLine, parseFlags, parseWrapperFlags } from './parse-flags.ts';
export type { SamplerRule } from './parsers.ts';
export { describeProblem, UsageError } from './problem.ts';
export {
  type EffectiveSetting,
  effectiveSettings,
  exporterOptions,
  type ProgramSettings,
} from './program-settings.ts';
export { readEnvFile } from './read-env-file.ts';
export { readSettings } from './read-settings.ts';
export { resolveSettings } from './resolve-settings.ts';
export { applyToEnv, type Environment, type Sources } from './sources.ts';
export {
  displayDefault,
  entriesOf,
  entryProblem,
  type Finding,
  flagOf,
  hideSecrets,
  type Parsed,
  type Problem,
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
export {
  type Settings,
  type TelemetryVariables,
  telemetrySections,
  telemetryVariables,
  type VariableName,
} from './variables.ts';
