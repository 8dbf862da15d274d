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

/** Pairs of a name of then and the one of today that has the same value. */
type Names = readonly (readonly [old: string, current: string])[];

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

const LABELS: Names = [
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
 * What a request's attributes were called before the conventions were stable, 1.20 and earlier.
 *
 * `http.url` is put together from them, so that it shows what they show: the original scheme and
 * host, the path, the query without secrets; no credentials and no fragment.
 *
 * @param request attributes of today, as a span has them when it is created
 * @see https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/
 */
export function oldRequestNames(request: Attributes): Attributes {
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

/** The status; the route has kept its name. */
export function oldResponseNames(outcome: Attributes): Attributes {
  return rename(outcome, RESPONSE);
}

/**
 * What a statement's attributes were called in 1.24 and earlier, which measured no statements.
 * @see https://opentelemetry.io/docs/specs/semconv/non-normative/db-migration/
 */
export function oldStatementNames(statement: Attributes): Attributes {
  return rename(statement, STATEMENT);
}

/**
 * Returns the attributes of `http.server.duration`, without `net.host.name` and `net.host.port`: clients
 * control the `Host` header, and each value would be a time series.
 */
export function oldLabels(request: Attributes, outcome: Attributes): Attributes {
  return { ...rename({ ...request, ...outcome }, LABELS), ...flavor(request) };
}

/** A histogram of milliseconds. */
export function createOldDuration(meter: Meter): Histogram {
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
  for (const [old, name] of names) {
    const value = attributes[name];
    if (value !== undefined) renamed[old] = value;
  }
  return renamed;
}

/** HTTP/2 was `2.0`. */
function flavor({ [ATTR_NETWORK_PROTOCOL_VERSION]: version }: Attributes): Attributes {
  return version === undefined ? {} : { 'http.flavor': version === '2' ? '2.0' : version };
}

/** As browsers write it: brackets round IPv6, no port where it goes without saying. */
function hostHeader(request: Attributes): string | undefined {
  const address = request[ATTR_SERVER_ADDRESS];
  if (typeof address !== 'string') return undefined;
  const port = request[ATTR_SERVER_PORT];
  const name = address.includes(':') ? `[${address}]` : address;
  return port === (request[ATTR_URL_SCHEME] === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}
