import { parseAttributes, parseHeaders, parseNames, parsePatterns } from './parsers.ts';
import {
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
  type ValuesOf,
  type Variable,
} from './variable.ts';

const general = {
  OTEL_SDK_DISABLED: boolean({ help: 'no telemetry; the context of callers is still passed on' }),
  OTEL_SERVICE_NAME: text({
    default: undefined,
    defaultText: 'todo',
    help: 'service.name of the resource',
  }),
  OTEL_RESOURCE_ATTRIBUTES: {
    form: '<key>=<value>,…',
    default: {} as Readonly<Record<string, string>>,
    defaultText: '',
    help: 'more of the resource, percent-encoded; one mistake discards all of it',
    parse: parseAttributes,
  },
  OTEL_LOG_LEVEL: choice({
    values: ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'],
    default: 'warn',
    help: 'what the SDK says about itself, on stderr',
  }),
  OTEL_PROPAGATORS: choices({
    values: ['tracecontext', 'baggage', 'b3', 'b3multi'],
    refused: {
      jaeger: 'the propagator jaeger is deprecated, Jaeger understands tracecontext',
      ottrace: 'the propagator ottrace is deprecated',
      xray: 'the propagator xray is not part of this program',
    },
    default: ['tracecontext', 'baggage'],
    help: 'how context is taken from callers; none starts a new trace for each request',
  }),
  OTEL_CONFIG_FILE: {
    form: '<path>',
    default: undefined,
    isFatal: true,
    help: 'not supported: it would make every other variable ignored',
    parse: () => ({
      mistake:
        'configuration files are not supported, and with one every other variable would be ignored; ' +
        'leave it out and set the variables',
    }),
  } satisfies Variable<undefined>,
};

const traces = {
  OTEL_TRACES_EXPORTER: choices({
    values: ['tree', 'console', 'otlp'],
    default: undefined,
    defaultText: '`tree`, or `otlp` once its endpoint is set',
    help: 'where spans go',
  }),
  OTEL_TRACES_SAMPLER: choice({
    values: [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    refused: {
      jaeger_remote: 'the SDK for JavaScript has no remote sampler',
      parentbased_jaeger_remote: 'the SDK for JavaScript has no remote sampler',
      xray: 'the sampler xray is not part of this program',
    },
    default: 'parentbased_always_on',
    help: 'which traces are recorded',
  }),
  OTEL_TRACES_SAMPLER_ARG: ratio({
    default: 1,
    help: 'share of traces, for the samplers by ratio',
  }),
  ...batches('BSP', 5_000, 'spans'),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: limit('attributes of a span'),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: lengthLimit('a text in an attribute of a span'),
  OTEL_SPAN_EVENT_COUNT_LIMIT: integer({ default: 128, help: 'events of a span' }),
  OTEL_SPAN_LINK_COUNT_LIMIT: integer({ default: 128, help: 'links of a span' }),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: integer({ default: 128, help: 'attributes of an event' }),
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: integer({ default: 128, help: 'attributes of a link' }),
  OTEL_ATTRIBUTE_COUNT_LIMIT: integer({
    default: 128,
    help: 'attributes of a span or log record, where no limit of its own is set',
  }),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: lengthLimit('a text in any attribute'),
};

const metrics = {
  OTEL_METRICS_EXPORTER: choices({
    values: ['console', 'otlp', 'prometheus'],
    refused: { tree: 'the tree shows no metrics' },
    default: undefined,
    defaultText: '`none`, or `otlp` once its endpoint is set',
    help: 'where metrics go',
  }),
  OTEL_METRIC_EXPORT_INTERVAL: integer({
    default: undefined,
    defaultText: '60000; `console` 10000',
    min: 1,
    unit: 'ms',
    help: 'time between two exports',
  }),
  OTEL_METRIC_EXPORT_TIMEOUT: timeout({
    default: 30_000,
    help: 'time for one export, at most the interval',
  }),
  OTEL_METRICS_EXEMPLAR_FILTER: {
    form: 'always_on|always_off|trace_based',
    default: undefined,
    help: 'no effect: the SDK for JavaScript records no exemplars',
    parse: () => ({
      value: undefined,
      note: {
        happens: 'which has no effect, since the SDK for JavaScript records no exemplars',
        write: 'leave it out',
      },
    }),
  } satisfies Variable<undefined>,
  OTEL_EXPORTER_PROMETHEUS_HOST: text({
    form: '<address>',
    default: 'localhost',
    help: 'address where Prometheus reads /metrics',
  }),
  OTEL_EXPORTER_PROMETHEUS_PORT: integer({
    default: 9464,
    min: 1,
    max: 65_535,
    help: 'port where Prometheus reads /metrics',
  }),
};

const logs = {
  OTEL_LOGS_EXPORTER: choices({
    values: ['tree', 'console', 'otlp'],
    default: undefined,
    defaultText: '`tree`, or `otlp` once its endpoint is set',
    help: 'where log records go; a person reads them on stderr in any case',
  }),
  ...batches('BLRP', 1_000, 'log records'),
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: limit('attributes of a log record'),
  OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: lengthLimit('a text in one of its attributes'),
};

const otlp = {
  ...otlpVariables('', 'all signals'),
  ...otlpVariables('TRACES_', 'traces'),
  ...otlpVariables('METRICS_', 'metrics'),
  ...otlpVariables('LOGS_', 'logs'),
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: choice({
    values: ['cumulative', 'delta', 'lowmemory'],
    default: 'cumulative',
    help: 'whether sums count from the start or from the last export',
  }),
  OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: choice({
    values: ['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'],
    default: 'explicit_bucket_histogram',
    help: 'kind of histogram',
  }),
};

const instrumentation = {
  OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED: boolean({
    help: 'console.log() and its like make log records, too',
  }),
  OTEL_JS_EXCLUDED_URLS: {
    form: '<regexp>,…',
    default: [] as readonly RegExp[],
    defaultText: '',
    help: 'regular expressions, searched in the URL of a request that gets no telemetry',
    parse: parsePatterns,
  },
  OTEL_JS_FAST_PATH_ENABLED: boolean({
    default: true,
    help: 'cheaper spans and histograms than the SDK has, with the same result',
  }),
  OTEL_SEMCONV_STABILITY_OPT_IN: choices({
    values: ['http', 'http/dup', 'database', 'database/dup'],
    default: [],
    help: 'http/dup and database/dup: attributes by their old names besides',
  }),
  OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: choice({
    values: ['logs', 'logs/dup'],
    default: undefined,
    defaultText: 'an event of the span',
    help: 'exceptions as log records, or as both',
  }),
  OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: texts({
    default: undefined,
    defaultText: 'those of RFC 9110, `PATCH` and `QUERY`',
    help: 'methods that keep their name, any other is _OTHER; replaces the default',
  }),
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST: names(
    'request headers that become attributes, X-.* for all that begin so; secrets as REDACTED',
  ),
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE: names(
    'response headers that become attributes, likewise',
  ),
  OTEL_JS_SENSITIVE_NAMES: names(
    'query parameters and headers whose values are recorded as REDACTED, in addition to those that sound like secrets',
  ),
};

/**
 * Everything that the program can be told: the one source of what is read, of the flags and
 * `--help`, of "did you mean" and of docs/settings.md.
 *
 * Names, forms and defaults of `OTEL_*` are the specification's; where a default is not, its `help`
 * says so.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const telemetrySections = {
  'All signals': general,
  Traces: traces,
  Metrics: metrics,
  Logs: logs,
  OTLP: otlp,
  Instrumentation: instrumentation,
};

export const telemetryVariables = {
  ...general,
  ...traces,
  ...metrics,
  ...logs,
  ...otlp,
  ...instrumentation,
};

export type VariableName = keyof typeof telemetryVariables;

/** Values of the variables above. */
export type Settings = ValuesOf<typeof telemetryVariables>;

// The specification's queue of 2,048 and batches of 512 lose spans from 10,000 a second on, when the
// collector takes 50 ms to answer. 16,384 encoded spans are about 10 MB.
function batches<P extends 'BSP' | 'BLRP'>(processor: P, delay: number, records: string) {
  const rows = {
    SCHEDULE_DELAY: milliseconds({ default: delay, help: `time that ${records} wait for a batch` }),
    EXPORT_TIMEOUT: timeout({ default: 30_000, help: 'time for one export, 0 for no limit' }),
    MAX_QUEUE_SIZE: integer({ min: 1, default: 16_384, help: `${records} that may wait` }),
    MAX_EXPORT_BATCH_SIZE: integer({ min: 1, default: 2_048, help: `${records} in one export` }),
  };
  return prefixed(`OTEL_${processor}_`, rows);
}

function otlpVariables<P extends '' | 'TRACES_' | 'METRICS_' | 'LOGS_'>(signal: P, what: string) {
  // Undefined where a signal has no value of its own: then that for all signals counts.
  const general = signal === '';
  const rows = {
    ENDPOINT: url({
      default: undefined,
      defaultText: general ? 'http://localhost:4318, of gRPC http://localhost:4317' : '',
      help: general
        ? 'base URL, to which /v1/traces, /v1/metrics and /v1/logs are added'
        : `URL for ${what}, used as it is`,
    }),
    PROTOCOL: choice({
      values: ['http/protobuf', 'http/json', 'grpc'],
      default: undefined,
      defaultText: general ? '`http/protobuf`' : '',
      help: `protocol for ${what}`,
    }),
    HEADERS: {
      form: '<name>=<value>,…',
      default: undefined,
      help: `headers for ${what}, percent-encoded`,
      parse: parseHeaders,
      show: () => undefined,
    } as Variable<Readonly<Record<string, string>> | undefined>,
    TIMEOUT: timeout({
      default: undefined,
      defaultText: general ? '10000' : '',
      help: `time for one export of ${what}, in ms; 0 for no limit`,
    }),
    COMPRESSION: choice({
      values: ['none', 'gzip'],
      default: undefined,
      defaultText: general ? '`none`' : '',
      help: `compression for ${what}`,
    }),
    CERTIFICATE: file(`certificates to trust, PEM, for ${what}`),
    CLIENT_KEY: file(`private key of the client, PEM, for ${what}`),
    CLIENT_CERTIFICATE: file(`certificate of the client, PEM, for ${what}`),
    INSECURE: {
      ...boolean({ help: 'gRPC without TLS, where the endpoint has no scheme' }),
      default: undefined,
      defaultText: general ? 'false' : '',
    } as Variable<boolean | undefined>,
  };
  return prefixed(`OTEL_EXPORTER_OTLP_${signal}`, rows);
}

function names(help: string): Variable<readonly (string | RegExp)[]> {
  return { form: '<name or regexp>,…', default: [], defaultText: '', help, parse: parseNames };
}

function file(help: string): Variable<string | undefined> {
  return text({ form: '<path>', default: undefined, help });
}

function limit(what: string): Variable<number | undefined> {
  return integer({ default: undefined, defaultText: '128', help: what });
}

function lengthLimit(what: string): Variable<number | undefined> {
  // To the SDK 0 is no limit.
  return integer({
    min: 1,
    default: undefined,
    defaultText: 'none',
    help: `characters of ${what}`,
  });
}

function prefixed<P extends string, Rows extends Record<string, unknown>>(prefix: P, rows: Rows) {
  const entries = Object.entries(rows).map(([name, row]) => [`${prefix}${name}`, row]);
  return Object.fromEntries(entries) as {
    [Name in keyof Rows & string as `${P}${Name}`]: Rows[Name];
  };
}
