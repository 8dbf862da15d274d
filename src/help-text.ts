import {
  flagOf,
  shownDefault,
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
/** Where the words begin. */
const COLUMN = 37;

/** What `--help` prints. */
export function helpText(version: string): string {
  const own = Object.entries<Variable<unknown>>(appVariables);
  const shown = SHOWN.map((name) => [name, telemetryVariables[name] as Variable<unknown>] as const);
  return `Hono OpenTelemetry ${version}: a To-Do List app that shows its telemetry.

  (no command)  start the app
  doctor        find out why telemetry does not arrive; --json for machines

${own.map(line).join('\n')}
${option('--otlp', 'send all three signals over OTLP')}
${option('-h, --help', 'this text')}
${option('--version', 'the version')}

Every OTEL_X_Y variable of OpenTelemetry is a flag --x_y or --x-y, too, and
flags beat the environment; docs/settings.md lists all ${Object.keys({ ...appVariables, ...telemetryVariables }).length}:

${shown.map(line).join('\n')}
`;
}

function line([name, variable]: readonly [string, Variable<unknown>]): string {
  const flag = `${name === 'PORT' ? '-p, ' : ''}--${flagOf(name, variable)}`;
  // The help of a choice is the choice.
  const form =
    variable.form.includes('|') || variable.form.startsWith('list') ? '<name>' : variable.form;
  const preset = shownDefault(variable);
  return option(`${flag} ${form}`, `${variable.help}${preset && ` (${preset})`}`);
}

function option(flag: string, help: string): string {
  const indent = /^-\w/.test(flag) ? '  ' : '      ';
  return `${indent}${flag}`.padEnd(COLUMN) + wrap(help);
}

/** Breaks a text between words, so that it stays in its column. */
function wrap(text: string): string {
  const lines = text.match(new RegExp(`.{1,${WIDTH - COLUMN}}(?: |$)`, 'g')) ?? [];
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(COLUMN)}`);
}
