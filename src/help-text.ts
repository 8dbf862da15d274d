import {
  displayDefault,
  flagOf,
  telemetryVariables,
  type Variable,
} from 'opentelemetry-instrument/settings';
import { wrapWords } from 'opentelemetry-instrument-exporters';
import { appVariables } from './settings/index.ts';

type VariableName = keyof typeof variables;

const variables = { ...telemetryVariables, ...appVariables };

/** The flags of the app by purpose. Each variable of the app is in one of the groups. */
const APP_GROUPS: Readonly<Record<string, readonly VariableName[]>> = {
  Server: ['PORT', 'HOST', 'ALLOWED_HOSTS', 'TRUSTED_PROXIES', 'PROXY_HEADER'],
  'To-do list': ['DATABASE_URL', 'MAX_TASKS', 'RATE_LIMIT', 'API_ALLOWED_ORIGINS', 'DEMO'],
  PostgreSQL: ['DATABASE_POOL_SIZE', 'DATABASE_POOL_TIMEOUT', 'DATABASE_STATEMENT_TIMEOUT'],
  'Where traces are shown': [
    'VIEWER',
    'VIEWER_MAX_TRACES',
    'VIEWER_MAX_MEMORY',
    'VIEWER_OTLP',
    'JAEGER_UI_URL',
    'BROWSER_OTLP_ENDPOINT',
  ],
};

const TELEMETRY: readonly VariableName[] = [
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_LOGS_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_TRACES_SAMPLER',
];

const WIDTH = 80;
/** Column of the descriptions. */
const COLUMN = 37;

/** Returns the text of `--help`. */
export function helpText(version: string): string {
  const groups = Object.entries(APP_GROUPS).map(
    ([title, names]) => `${title}:\n${names.map(line).join('\n')}`,
  );
  return `Usage: node src/index.ts [doctor] [flags], or npm start -- [flags]

Hono OpenTelemetry ${version}: a To-Do List app that shows its telemetry.

Commands:
  (none)  start the app
  doctor  find out why telemetry does not arrive; doctor --help for more

${groups.join('\n\n')}

Telemetry:
${option('--otlp', 'send all three signals over OTLP')}
${TELEMETRY.map(line).join('\n')}

  Every OTEL_X_Y variable of OpenTelemetry also has a flag --x_y or --x-y, and
  flags override the environment. docs/settings.md lists all ${Object.keys(variables).length} settings.

Other:
${option('-h, --help', 'show this help')}
${option('--version', 'show the version')}

Exit codes: 0 after a signal; 1 if the machine refuses (port in use, disk full)
or after a crash; 2 if a flag, a variable or the .env file has an error.
`;
}

/** Returns the text of `doctor --help`. */
export function doctorHelpText(): string {
  return `Usage: node src/index.ts doctor [flags], or npm run doctor -- [flags]

Sends one record per signal to where the app would send it, and reports where
delivery fails and how to fix it. Use the same flags and environment as for the
app; the app does not have to run.

${option('--json', 'print the report as JSON')}
${option('--otlp', 'check all three signals over OTLP')}
${(['OTEL_EXPORTER_OTLP_ENDPOINT', 'JAEGER_UI_URL'] as const).map(line).join('\n')}
${option('-h, --help', 'show this help')}

Exit codes: 0 if everything arrives; 1 if something does not; 2 if a flag or the
.env file has an error.
`;
}

function line(name: VariableName): string {
  const variable: Variable<unknown> = variables[name];
  const flag = `${name === 'PORT' ? '-p, ' : ''}--${flagOf(name, variable)}`;
  if (variable.form === 'true|false') return option(flag, variable.help);
  // The description of a choice is long enough to replace its values.
  const form =
    variable.form.includes('|') || variable.form.startsWith('list') ? '<name>' : variable.form;
  const preset = displayDefault(variable);
  return option(`${flag} ${form}`, `${variable.help}${preset && ` (${preset})`}`);
}

function option(flag: string, help: string): string {
  const start = `${/^-\w/.test(flag) ? '  ' : '      '}${flag}`;
  // A long flag has its description on the next line.
  const gap = start.length < COLUMN ? '' : `\n${' '.repeat(COLUMN)}`;
  return (
    (gap ? start + gap : start.padEnd(COLUMN)) +
    wrapWords(help, WIDTH - COLUMN).join(`\n${' '.repeat(COLUMN)}`)
  );
}
