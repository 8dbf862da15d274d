import {
  boolean,
  choice,
  hideSecrets,
  integer,
  type ProgramSettings,
  telemetryVariables,
  text,
  timeout,
  url,
} from 'opentelemetry-instrument/settings';
import { parseHosts } from './hosts.ts';
import { NO_NETWORKS, parseNetworks } from './networks.ts';
import { parseBrowserEndpoint, parseJaegerUrl, parseOrigins } from './origins.ts';
import { parseViewer } from './viewer.ts';

/** The app's own variables. Those of telemetry are in the package `opentelemetry-instrument`. */
export const appVariables = {
  PORT: integer({
    flag: 'port',
    default: 5000,
    max: 65_535,
    noun: 'a port',
    isFatal: true,
    help: 'port to listen on, 0 for any free one',
  }),
  HOST: text({
    flag: 'host',
    form: '<address>',
    default: '127.0.0.1',
    help: 'address to listen on',
  }),
  DATABASE_URL: url({
    flag: 'database',
    default: 'file:tasks.db',
    help: 'file:<path> of a SQLite database, :memory:, or postgres://<user>@<host>/<database>',
  }),
  DATABASE_POOL_SIZE: integer({
    flag: 'database_pool_size',
    min: 1,
    max: 1_000,
    default: 10,
    help: 'connections to PostgreSQL, at most',
  }),
  DATABASE_POOL_TIMEOUT: timeout({
    flag: 'database_pool_timeout',
    default: 2_000,
    help: 'wait for a connection to PostgreSQL; then the response is 503',
  }),
  DATABASE_STATEMENT_TIMEOUT: timeout({
    flag: 'database_statement_timeout',
    default: 5_000,
    help: 'time after which PostgreSQL ends a statement; then the response is 503',
  }),
  TRUSTED_PROXIES: {
    flag: 'trusted_proxies',
    form: '<network>,…',
    default: NO_NETWORKS,
    defaultText: '',
    isFatal: true,
    help: 'addresses and networks of proxies whose forwarding headers are used',
    parse: parseNetworks,
  },
  PROXY_HEADER: choice({
    flag: 'proxy_header',
    values: ['x-forwarded', 'forwarded'],
    default: 'x-forwarded',
    isFatal: true,
    help: 'headers that those proxies set: X-Forwarded-For, -Proto and -Host, or Forwarded; the others are ignored',
  }),
  ALLOWED_HOSTS: {
    flag: 'allowed_hosts',
    form: '<host>,…',
    default: [] as readonly string[],
    defaultText: '',
    isFatal: true,
    help: 'host names that requests may be for, in addition to HOST and loopback names',
    parse: parseHosts,
  },
  RATE_LIMIT: integer({
    flag: 'rate_limit',
    default: 20,
    help: 'changes per second per address; 0 = unlimited',
  }),
  MAX_TASKS: integer({
    flag: 'max_tasks',
    default: 10_000,
    help: 'maximum number of tasks; 0 = unlimited',
  }),
  API_ALLOWED_ORIGINS: {
    flag: 'api_allowed_origins',
    form: '<origin>,…',
    default: [] as readonly string[],
    defaultText: '',
    isFatal: true,
    help: 'origins of other sites whose pages may use the API',
    parse: parseOrigins,
    show: hideSecrets,
  },
  BROWSER_OTLP_ENDPOINT: {
    ...url({
      flag: 'browser_otlp_endpoint',
      default: undefined,
      help: 'a Collector that pages send their spans to instead of this app; it must allow this origin (CORS)',
    }),
    parse: parseBrowserEndpoint,
  },
  JAEGER_UI_URL: {
    ...url({
      flag: 'jaeger',
      default: undefined,
      help: 'URL of Jaeger, for links to traces and for the doctor',
    }),
    parse: parseJaegerUrl,
  },
  VIEWER: {
    flag: 'viewer',
    form: 'auto|none|<port>',
    default: 'auto' as 'auto' | 'none' | number,
    help: 'trace viewer in the app: auto starts it on port 16686 unless HOST is public, an exporter is named or an OTLP endpoint is set',
    parse: parseViewer,
  },
  VIEWER_MAX_TRACES: integer({
    flag: 'viewer_max_traces',
    min: 1,
    default: 10_000,
    help: 'traces that the viewer keeps',
  }),
  VIEWER_MAX_MEMORY: integer({
    flag: 'viewer_max_memory',
    min: 1,
    max: 4_096,
    default: 64,
    unit: 'MiB',
    help: 'memory for what the viewer keeps',
  }),
  VIEWER_OTLP: boolean({
    flag: 'viewer_otlp',
    help: 'the viewer also receives OTLP: over HTTP on port 4318 and gRPC on 4317',
  }),
  DEMO: boolean({
    flag: 'demo',
    help: 'the page /demo with buttons that make traces: slow SQL, an error, N+1, a burst; not for public servers',
  }),
  OTEL_SERVICE_NAME: { ...telemetryVariables.OTEL_SERVICE_NAME, defaultText: 'todo' },
};

/** The settings of telemetry and of the app. */
export type TodoSettings = ProgramSettings<typeof appVariables>;
