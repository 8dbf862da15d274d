import {
  displayDefault,
  flagOf,
  telemetryVariables,
  type Variable,
  type VariableName,
} from '../settings/index.ts';

const SHOWN: readonly VariableName[] = [
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_LOGS_EXPORTER',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_TRACES_SAMPLER',
];

/** Returns the text of `--help`. */
export function instrumentHelp(): string {
  const flags = SHOWN.map((name) => {
    const variable: Variable<unknown> = telemetryVariables[name];
    const preset = displayDefault(variable);
    return `  --${flagOf(name, variable)}\n      ${variable.help}${preset && ` (default: ${preset})`}`;
  });
  return `Usage: opentelemetry-instrument [flags] program [arguments]
       opentelemetry-instrument doctor [flags]

Runs a program on Node, Bun or Deno with the OpenTelemetry SDK preloaded, or finds
out why telemetry does not arrive (doctor).

  --otlp
      send traces, metrics and logs over OTLP
${flags.join('\n')}
  --verbose
      print what is run, and how the SDK is preloaded
  --json
      print the report of the doctor as JSON
  --version, --help

Every OTEL_X_Y variable also has a flag --x_y. Flags override the environment.

Examples:
  opentelemetry-instrument --traces_exporter console --service_name todo node server.js
  opentelemetry-instrument --otlp deno run -A server.ts
  opentelemetry-instrument --otlp npm start

Exit codes: those of the program or of the doctor; 2 for a mistake in the flags,
126 if the program cannot be run, 127 if there is no such program.
`;
}
