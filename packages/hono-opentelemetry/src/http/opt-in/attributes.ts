import type { Attributes, Span } from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
} from '@opentelemetry/semantic-conventions';
import type { Context } from 'hono';
import type { Redactor } from '../../redact.ts';
import type { TraceHttpOptions } from '../options.ts';
import { readHeader, type ServerEnv } from '../server-env.ts';

export const ATTR_HTTP_REQUEST_BODY_SIZE = 'http.request.body.size';
const ATTR_HTTP_RESPONSE_BODY_SIZE = 'http.response.body.size';
const ATTR_CLIENT_PORT = 'client.port';
const ATTR_USER_AGENT_SYNTHETIC_TYPE = 'user_agent.synthetic.type';

/** User agents of synthetic monitoring and load generators. */
const TEST_AGENT =
  /alwayson|pingdom|uptimerobot|statuscake|site24x7|datadogsynthetics|cloudwatchsynthetics|newrelicsynthetics|googlestackdrivermonitoring|kube-probe|elb-healthchecker|\b(?:k6|autocannon|apachebench|wrk|oha|hey|artillery|jmeter|gatling|locust)\//;
/** User agents of crawlers. Most names contain bot, spider or crawler. */
const BOT_AGENT =
  /bot\b|spider\b|crawl(?:er|ing)?\b|slurp|bingpreview|facebookexternalhit|mediapartners-google|google-inspectiontool|ia_archiver/;

/**
 * Returns the opt-in attributes of a request.
 * @param known attributes that are recorded anyway
 */
export function optInRequest(
  c: Context,
  env: ServerEnv,
  { optIn = {}, captureRequestHeaders }: TraceHttpOptions,
  redactor: Redactor,
  known: Attributes,
): Attributes {
  const attributes: Attributes = {};
  const port = known[ATTR_NETWORK_PEER_PORT];
  // The port of a client behind a proxy is unknown.
  const isPeer = known[ATTR_CLIENT_ADDRESS] === known[ATTR_NETWORK_PEER_ADDRESS];
  if (optIn.clientPort && isPeer && port !== undefined) attributes[ATTR_CLIENT_PORT] = port;
  const names = () => Object.keys(env.incoming?.headers ?? c.req.header());
  for (const name of select(captureRequestHeaders, names)) {
    const value = readHeader(c, env, name);
    if (value !== undefined) {
      attributes[`http.request.header.${name}`] = [redactor.header(name, value)];
    }
  }
  const size = optIn.bodySizes ? byteCount(readHeader(c, env, 'content-length')) : undefined;
  if (size !== undefined) attributes[ATTR_HTTP_REQUEST_BODY_SIZE] = size;
  const type = optIn.syntheticType ? syntheticType(readHeader(c, env, 'user-agent')) : undefined;
  if (type !== undefined) attributes[ATTR_USER_AGENT_SYNTHETIC_TYPE] = type;
  return attributes;
}

function syntheticType(userAgent = ''): 'bot' | 'test' | undefined {
  const agent = userAgent.toLowerCase();
  if (TEST_AGENT.test(agent)) return 'test';
  return BOT_AGENT.test(agent) ? 'bot' : undefined;
}

/**
 * Sets the opt-in attributes of a response.
 * @returns the size of the body in bytes, if it is known and recorded
 */
export function optInResponse(
  span: Span,
  { headers }: Response,
  { optIn = {}, captureResponseHeaders }: TraceHttpOptions,
  redactor: Redactor,
): number | undefined {
  for (const name of select(captureResponseHeaders, () => [...headers.keys()])) {
    const value = headers.get(name);
    if (value !== null) {
      span.setAttribute(`http.response.header.${name}`, [redactor.header(name, value)]);
    }
  }
  const size = optIn.bodySizes ? byteCount(headers.get('content-length')) : undefined;
  if (size !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_BODY_SIZE, size);
  return size;
}

/**
 * Returns the lowercase names of the headers to record, without duplicates.
 * @param names returns the names in the message; called only for patterns
 */
function select(
  wanted: readonly (string | RegExp)[] | undefined,
  names: () => readonly string[],
): Iterable<string> {
  if (wanted === undefined || wanted.length === 0) return [];
  return new Set(
    wanted.flatMap((each) =>
      typeof each === 'string'
        ? each.toLowerCase()
        : names().filter((name) => name.search(each) !== -1),
    ),
  );
}

function byteCount(contentLength: string | null | undefined): number | undefined {
  return contentLength && /^\d+$/.test(contentLength) ? Number(contentLength) : undefined;
}
