import {
  choice,
  choices,
  type ProgramSettings,
  resolveSettings,
  type TelemetryVariables,
  telemetryVariables,
  type Variable,
  type VariableTable,
} from '../settings/index.ts';

const PROBLEM = 'is not available on Workers';

/**
 * The variables that differ on Workers. They replace those of the table for all runtimes, so that checks and
 * messages are the same.
 */
const workerVariables = {
  OTEL_TRACES_EXPORTER: exporter(telemetryVariables.OTEL_TRACES_EXPORTER.help),
  OTEL_METRICS_EXPORTER: exporter(telemetryVariables.OTEL_METRICS_EXPORTER.help),
  OTEL_LOGS_EXPORTER: exporter(telemetryVariables.OTEL_LOGS_EXPORTER.help),
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: {
    ...telemetryVariables.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE,
    // An isolate may vanish at any time, and sums that start again would be many short streams.
    default: 'delta',
  } as TelemetryVariables['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'],
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol(''),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol('traces'),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol('metrics'),
  OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: protocol('logs'),
  ...refused(
    [
      'OTEL_EXPORTER_OTLP_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_CLIENT_KEY',
      'OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY',
      'OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY',
      'OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY',
      'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE',
    ],
    'remove it, because Workers check certificates themselves',
  ),
  ...refused(['OTEL_CONFIG_FILE'], 'set each variable in the Wrangler configuration'),
  ...refused(
    ['OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED'],
    'use Workers Logs, which record the console',
  ),
  ...refused(
    ['OTEL_JS_FETCH_AUTO_INSTRUMENTATION_ENABLED'],
    'use traceFetch() of hono-opentelemetry/fetch',
  ),
  ...refused(['OTEL_JS_FAST_PATH_ENABLED', 'OTEL_METRICS_EXEMPLAR_FILTER'], 'remove it'),
  ...refused(['OTEL_JS_TAIL_SAMPLER_RATIO'], 'sample in a Collector, or use OTEL_TRACES_SAMPLER'),
};

/**
 * Reads the settings of a Worker from its bindings (`env`), and finds all mistakes at once. Never throws.
 *
 * Names, checks and messages are those of environment variables. Bindings that are not text, numbers or booleans
 * are ignored. If one has the name of a setting, that is a mistake.
 * @param own the program's variables, in addition to those of telemetry
 */
export function readSettings<Own extends VariableTable = Record<never, never>>(
  env: object,
  own = {} as Own,
): ProgramSettings<Own> {
  const isText = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  const bindings = Object.entries(env);
  const variable = Object.fromEntries(
    bindings.filter(([, value]) => isText(value)).map(([name, value]) => [name, String(value)]),
  );
  const read = resolveSettings({ variable }, { ...workerVariables, ...own });
  // For example from the Secrets Store, whose values are only available asynchronously.
  const unread = bindings
    .filter(([name, value]) => !isText(value) && Object.hasOwn(read.variables, name))
    .map(([name]) => ({
      variable: name,
      source: name,
      problem: 'the binding is not text',
      effect: 'ignoring it',
      fix: `use vars or \`npx wrangler secret put ${name}\``,
      isFatal: false,
    }));
  // Without an endpoint the default would be the tree, which needs a terminal.
  const isOtlp = (name: string) => name === 'otlp';
  return {
    ...read,
    problems: [...read.problems, ...unread],
    exporters: {
      traces: read.exporters.traces.filter(isOtlp),
      metrics: read.exporters.metrics.filter(isOtlp),
      logs: read.exporters.logs.filter(isOtlp),
    },
  } as ProgramSettings<Own>;
}

function exporter(help: string) {
  return choices({
    values: ['otlp'],
    refused: Object.fromEntries(
      ['console', 'tree', 'prometheus', 'viewer'].map((name) => [name, PROBLEM]),
    ),
    default: undefined,
    defaultText: '`none`, or `otlp` once its endpoint is set',
    help,
  });
}

function protocol(signal: string) {
  return choice({
    values: ['http/protobuf', 'http/json'],
    refused: { grpc: PROBLEM },
    default: undefined,
    defaultText: signal === '' ? '`http/protobuf`' : '',
    help: `protocol for ${signal || 'all signals'}`,
  });
}

/** Makes variables report that they have no effect. Their values are those of the table's defaults. */
function refused<Name extends keyof TelemetryVariables>(
  names: readonly Name[],
  fix: string,
): Pick<TelemetryVariables, Name> {
  const variables = names.map((name) => {
    const variable = telemetryVariables[name] as Variable<unknown>;
    const parse = () => ({ error: { problem: PROBLEM, fix } });
    return [name, { ...variable, defaultText: '', parse }];
  });
  return Object.fromEntries(variables);
}
