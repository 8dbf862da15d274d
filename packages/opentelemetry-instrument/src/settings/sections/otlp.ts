import { parseHeaders } from '../parsers.ts';
import { prefixed, type Variable } from '../variable.ts';
import { boolean, choice, text, timeout, url } from '../variable-kinds.ts';

/** Variables of the OTLP exporter. */
export const otlpVariables = {
  ...variablesFor('', 'all signals'),
  ...variablesFor('TRACES_', 'traces'),
  ...variablesFor('METRICS_', 'metrics'),
  ...variablesFor('LOGS_', 'logs'),
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

function variablesFor<P extends '' | 'TRACES_' | 'METRICS_' | 'LOGS_'>(signal: P, what: string) {
  // Undefined if the signal has no value, and then the value for all signals applies.
  const general = signal === '';
  const rows = {
    ENDPOINT: url({
      default: undefined,
      defaultText: general ? 'http://localhost:4318 (gRPC: http://localhost:4317)' : '',
      help: general
        ? 'base URL, to which /v1/traces, /v1/metrics and /v1/logs are added'
        : `URL for ${what}, used unchanged`,
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
      ...boolean({ help: 'gRPC without TLS, if the endpoint has no scheme' }),
      default: undefined,
      defaultText: general ? 'false' : '',
    } as Variable<boolean | undefined>,
  };
  return prefixed(`OTEL_EXPORTER_OTLP_${signal}`, rows);
}

function file(help: string): Variable<string | undefined> {
  return text({ form: '<path>', default: undefined, help });
}
