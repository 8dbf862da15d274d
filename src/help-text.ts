import {
  displayDefault,
  flagOf,
  telemetryVariables,
  type Variable,
} from 'opentelemetry-instrument/settings';
import { appVariables } from './settings.ts';

const SHOWN = [
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_LOGS_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_TRACES_SAMPLER',
] as const;

const WIDTH = 80;
/** Column of the descriptions. */
const COLUMN = 37;

/** Returns the text of `--help`. */
export function helpText(version: string): string {
  const own = Object.entries<Variable<unknown>>(appVariables);
  const shown = SHOWN.map((name) => [name, telemetryVariables[name] as Variable<unknown>] as const);
  return `Hono OpenTelemetry ${version}: a To-Do List app that shows its telemetry.

  (no command)  start the app
  doctor        find out why telemetry does not arrive; --json for machines

${own.map(line).join('\n')}
${option('--otlp', 'send all three signals over OTLP')}
${option('-h, --help', 'show this help')}
${option('--version', 'show the version')}

Every OTEL_X_Y variable of OpenTelemetry also has a flag --x_y or --x-y, and
flags override the environment; docs/settings.md lists all ${Object.keys({ ...appVariables, ...telemetryVariables }).length}:

${shown.map(line).join('\n')}
`;
}

function line([name, variable]: readonly [string, Variable<unknown>]): string {
  const flag = `${name === 'PORT' ? '-p, ' : ''}--${flagOf(name, variable)}`;
  // The description of a choice is long enough to replace its values.
  const form =
    variable.form.includes('|') || variable.form.startsWith('list') ? '<name>' : variable.form;
  const preset = displayDefault(variable);
  return option(`${flag} ${form}`, `${variable.help}${preset && ` (${preset})`}`);
}

function option(flag: string, help: string): string {
  const indent = /^-\w/.test(flag) ? '  ' : '      ';
  return `${indent}${flag}`.padEnd(COLUMN) + wrap(help);
}

/** Wraps a text between words, within its column. */
function wrap(text: string): string {
  const lines = text.match(new RegExp(`.{1,${WIDTH - COLUMN}}(?: |$)`, 'g')) ?? [];
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(COLUMN)}`);
}
