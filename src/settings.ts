import {
  boolean,
  choice,
  hideSecrets,
  integer,
  text,
  url,
  type ValuesOf,
} from 'opentelemetry-instrument/settings';
import { parseHosts } from './settings/hosts.ts';
import { NO_NETWORKS, parseNetworks } from './settings/networks.ts';
import { parseBrowserEndpoint, parseOrigins } from './settings/origins.ts';

/** The app's own variables. Those of telemetry are in the package `opentelemetry-instrument`. */
export const appVariables = {
  PORT: integer({
    flag: 'port',
    default: 5000,
    max: 65_535,
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
    help: 'file:<path> of a SQLite database, or :memory:',
  }),
  TRUSTED_PROXIES: {
    flag: 'trusted_proxies',
    form: '<network>,…',
    default: NO_NETWORKS,
    defaultText: '',
    isFatal: true,
    help: 'addresses and networks of proxies whose forwarding headers count',
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
    help: 'changes a second that one address may send, 0 for any number',
  }),
  MAX_TASKS: integer({
    flag: 'max_tasks',
    default: 10_000,
    help: 'tasks that the list may hold, 0 for any number',
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
      help: 'a Collector that pages send their spans to, in place of this app; it must allow it by CORS',
    }),
    parse: parseBrowserEndpoint,
  },
  JAEGER_UI_URL: url({
    flag: 'jaeger',
    default: undefined,
    help: 'where Jaeger shows traces, for links and for the doctor',
  }),
  DEMO: boolean({
    flag: 'demo',
    help: 'buttons for what a trace can show, at /demo: slow SQL, an error, N+1, a burst; not where strangers are',
  }),
};

/** Values of the variables above. */
export type AppSettings = ValuesOf<typeof appVariables>;
