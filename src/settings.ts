/** What the program itself is told; the `OTEL_*` variables are read in `telemetry/`. */
export interface Settings {
  readonly port: number;
  readonly hostname: string;
  readonly databaseUrl: string;
  /** Addresses and CIDR ranges whose `Forwarded` and `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly string[];
}

export type Environment = Record<string, string | undefined>;

/** A mistake of the user's that makes it pointless to start. The message is all there is to say. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Flags that are no `OTEL_*` variable, with the variables that they set. */
const FLAGS: Record<string, { variables: readonly string[]; value?: string; help: string }> = {
  port: { variables: ['PORT'], value: 'number', help: 'port to listen on, 0 for any (5000)' },
  host: { variables: ['HOST'], value: 'address', help: 'address to listen on (127.0.0.1)' },
  database: {
    variables: ['DATABASE_URL'],
    value: 'url',
    help: 'file:<path> or :memory: (file:tasks.db)',
  },
  otlp: {
    variables: ['OTEL_TRACES_EXPORTER', 'OTEL_METRICS_EXPORTER', 'OTEL_LOGS_EXPORTER'],
    help: 'send all three signals over OTLP',
  },
};

/** Every variable of the OpenTelemetry specification that is a flag: `--traces_exporter`. */
const OTEL_VARIABLES = [
  'OTEL_SDK_DISABLED',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_LOG_LEVEL',
  'OTEL_PROPAGATORS',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_LOGS_EXPORTER',
  'OTEL_METRIC_EXPORT_INTERVAL',
  'OTEL_METRIC_EXPORT_TIMEOUT',
  'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_ATTRIBUTE_COUNT_LIMIT',
  ...['VALUE_LENGTH', 'COUNT'].map((limit) => `OTEL_SPAN_ATTRIBUTE_${limit}_LIMIT`),
  ...['EVENT', 'LINK'].flatMap((part) => [
    `OTEL_SPAN_${part}_COUNT_LIMIT`,
    `OTEL_${part}_ATTRIBUTE_COUNT_LIMIT`,
  ]),
  ...['VALUE_LENGTH', 'COUNT'].map((limit) => `OTEL_LOGRECORD_ATTRIBUTE_${limit}_LIMIT`),
  ...['BSP', 'BLRP'].flatMap((processor) =>
    ['SCHEDULE_DELAY', 'EXPORT_TIMEOUT', 'MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'].map(
      (setting) => `OTEL_${processor}_${setting}`,
    ),
  ),
  ...['', 'TRACES_', 'METRICS_', 'LOGS_'].flatMap((signal) =>
    [
      'ENDPOINT',
      'HEADERS',
      'TIMEOUT',
      'COMPRESSION',
      'PROTOCOL',
      'CERTIFICATE',
      'CLIENT_KEY',
      'CLIENT_CERTIFICATE',
      'INSECURE',
    ].map((setting) => `OTEL_EXPORTER_OTLP_${signal}${setting}`),
  ),
  'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
  'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
];

const flags = new Map<string, { variables: readonly string[]; value?: string }>([
  ...Object.entries(FLAGS),
  ...OTEL_VARIABLES.map(
    (name) => [name.slice(5).toLowerCase(), { variables: [name], value: 'value' }] as const,
  ),
  ['help', { variables: [] }],
  ['version', { variables: [] }],
]);

const ALIASES: Readonly<Record<string, string>> = { '-p': 'port', '-h': 'help' };

/**
 * Turns command-line flags into the variables that they stand for.
 *
 * `--traces_exporter console`, `--traces-exporter=console` and `-p 8080` are all understood.
 * @returns the variables to set; or `help` or `version`, where that was asked for
 * @throws UsageError for an unknown flag, with the nearest known one, or for a missing value
 */
export function parseFlags(argv: readonly string[]): Environment | 'help' | 'version' {
  const variables: Environment = {};
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [written = '', attached] = splitOnce(argument, '=');
    const name = ALIASES[written] ?? written.replace(/^--/, '').replaceAll('-', '_');
    const flag = written.startsWith('-') ? flags.get(name) : undefined;
    if (flag === undefined) {
      throw new UsageError(
        `Unknown flag ${written}: did you mean ${nearestFlag(name)}? --help lists them.`,
      );
    }
    if (flag.value === undefined && attached !== undefined) {
      throw new UsageError(`${written} takes no value: leave =${attached} out.`);
    }
    if (name === 'help' || name === 'version') return name;
    const value = flag.value === undefined ? 'otlp' : (attached ?? rest.shift());
    if (value === undefined || (attached === undefined && /^--?[a-z]/i.test(value))) {
      throw new UsageError(`${written} needs a value: ${written} <${flag.value}>.`);
    }
    for (const variable of flag.variables) variables[variable] = value;
  }
  return variables;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/**
 * Reads the program's own variables. Empty is unset.
 * @throws UsageError for a port that is none
 */
export function readSettings(env: Environment): Settings {
  const text = (name: string) => env[name]?.trim() || undefined;
  const port = text('PORT') ?? '5000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`PORT is "${port}", which is no port: write a number from 0 to 65535.`);
  }
  return {
    port: Number(port),
    hostname: text('HOST') ?? '127.0.0.1',
    databaseUrl: text('DATABASE_URL') ?? 'file:tasks.db',
    trustedProxies:
      text('TRUSTED_PROXIES')
        ?.split(',')
        .map((entry) => entry.trim()) ?? [],
  };
}

/** What `--help` prints. */
export function helpText(version: string): string {
  const lines = Object.entries(FLAGS).map(([name, { value, help }]) => {
    const flag = `${name === 'port' ? '-p, ' : '    '}--${name}${value ? ` <${value}>` : ''}`;
    return `  ${flag.padEnd(26)} ${help}`;
  });
  return `Hono OpenTelemetry ${version}: a To-Do List app that shows its telemetry.

${lines.join('\n')}
  -h, --help                 this text
      --version              the version

Every OTEL_X_Y variable of OpenTelemetry is a flag --x_y too, and flags beat the environment:
  --service_name <name> --traces_exporter console,otlp --metrics_exporter console --logs_exporter none
`;
}

/** The known flag that takes the fewest edits. */
function nearestFlag(name: string): string {
  const distances = [...flags.keys()].map((known) => [editDistance(name, known), known] as const);
  const [, nearest] = distances.reduce((best, next) => (next[0] < best[0] ? next : best));
  return `--${nearest}`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
