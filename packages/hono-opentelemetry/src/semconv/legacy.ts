import type { Attributes, Histogram, Meter } from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';

/** `stable` attribute names only, or `dup`: the names from before the conventions were stable as well. */
export type SemconvMode = 'stable' | 'dup';

/** Pairs of a legacy name and the current name with the same value. */
type Names = readonly (readonly [legacy: string, current: string])[];

const REQUEST: Names = [
  ['http.method', ATTR_HTTP_REQUEST_METHOD],
  ['http.scheme', ATTR_URL_SCHEME],
  ['http.server_name', ATTR_SERVER_ADDRESS],
  ['net.host.name', ATTR_SERVER_ADDRESS],
  ['net.host.port', ATTR_SERVER_PORT],
  ['http.client_ip', ATTR_CLIENT_ADDRESS],
  ['net.peer.ip', ATTR_NETWORK_PEER_ADDRESS],
  ['net.peer.port', ATTR_NETWORK_PEER_PORT],
  ['http.user_agent', ATTR_USER_AGENT_ORIGINAL],
];

const RESPONSE: Names = [['http.status_code', ATTR_HTTP_RESPONSE_STATUS_CODE]];

const METRIC: Names = [
  ['http.method', ATTR_HTTP_REQUEST_METHOD],
  ['http.scheme', ATTR_URL_SCHEME],
  [ATTR_HTTP_ROUTE, ATTR_HTTP_ROUTE],
  ...RESPONSE,
];

const STATEMENT: Names = [
  ['db.system', ATTR_DB_SYSTEM_NAME],
  ['db.name', ATTR_DB_NAMESPACE],
  ['db.statement', ATTR_DB_QUERY_TEXT],
  ['db.operation', ATTR_DB_OPERATION_NAME],
  ['db.sql.table', ATTR_DB_COLLECTION_NAME],
];

/**
 * Returns the attributes of a request under their names in semantic conventions 1.20.
 *
 * `http.url` is built from the current attributes: the original scheme and host, the path and the
 * redacted query, without credentials and fragment.
 *
 * @param request current attributes of a span at its start
 * @see https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/
 */
export function legacyRequestAttributes(request: Attributes): Attributes {
  const query = request[ATTR_URL_QUERY];
  const target = `${request[ATTR_URL_PATH]}${query === undefined ? '' : `?${query}`}`;
  const host = hostHeader(request);
  return {
    ...rename(request, REQUEST),
    ...flavor(request),
    ...(host !== undefined && {
      'http.host': host,
      'http.url': `${request[ATTR_URL_SCHEME]}://${host}${target}`,
    }),
    'http.target': target,
  };
}

/** Returns the status under its legacy name. The route has kept its name. */
export function legacyResponseAttributes(outcome: Attributes): Attributes {
  return rename(outcome, RESPONSE);
}

/**
 * Returns the attributes of a SQL statement under their names in semantic conventions 1.24, which had no
 * duration of statements.
 * @see https://opentelemetry.io/docs/specs/semconv/non-normative/db-migration/
 */
export function legacyStatementAttributes(statement: Attributes): Attributes {
  const { 'db.name': name, ...renamed } = rename(statement, STATEMENT);
  // The current name of a PostgreSQL database can include a schema: `shop|sales`.
  return name === undefined ? renamed : { ...renamed, 'db.name': String(name).split('|')[0] };
}

/**
 * Returns the attributes of `http.server.duration`, without `net.host.name` and `net.host.port`: clients
 * control the `Host` header, and each value would be a time series.
 */
export function legacyMetricAttributes(request: Attributes, outcome: Attributes): Attributes {
  return { ...rename({ ...request, ...outcome }, METRIC), ...flavor(request) };
}

/** Creates the legacy histogram, in milliseconds. */
export function createLegacyDuration(meter: Meter): Histogram {
  return meter.createHistogram('http.server.duration', {
    description: 'Measures the duration of inbound HTTP requests.',
    unit: 'ms',
    advice: {
      explicitBucketBoundaries: [
        0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
      ],
    },
  });
}

function rename(attributes: Attributes, names: Names): Attributes {
  const renamed: Attributes = {};
  for (const [legacy, name] of names) {
    const value = attributes[name];
    if (value !== undefined) renamed[legacy] = value;
  }
  return renamed;
}

/** Returns `http.flavor`, which was `2.0` for HTTP/2. */
function flavor({ [ATTR_NETWORK_PROTOCOL_VERSION]: version }: Attributes): Attributes {
  return version === undefined ? {} : { 'http.flavor': version === '2' ? '2.0' : version };
}

/** Returns the host as browsers send it: IPv6 in brackets, and no default port. */
function hostHeader(request: Attributes): string | undefined {
  const address = request[ATTR_SERVER_ADDRESS];
  if (typeof address !== 'string') return undefined;
  const port = request[ATTR_SERVER_PORT];
  const name = address.includes(':') ? `[${address}]` : address;
  return port === (request[ATTR_URL_SCHEME] === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}
