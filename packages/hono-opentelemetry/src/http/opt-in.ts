import type { Attributes, Span } from '@opentelemetry/api';
import type { Context } from 'hono';
import type { Redactor } from '../redact.ts';
import { type Peer, readHeader, type ServerEnv } from './server-env.ts';

/** What the HTTP conventions leave to choice; each is off by default. */
export interface OptIn {
  /** `client.port` */
  readonly clientPort?: boolean;
  /**
   * Names of headers that are recorded as `http.request.header.<name>`, or patterns that match them
   * in lower case. Sensitive headers are recorded as `REDACTED`.
   */
  readonly requestHeaders?: readonly (string | RegExp)[];
  /** The same for `http.response.header.<name>`. */
  readonly responseHeaders?: readonly (string | RegExp)[];
  /** Sizes as attributes and metrics, where `Content-Length` tells them. */
  readonly bodySizes?: boolean;
  /** The metric `http.server.active_requests`. */
  readonly activeRequests?: boolean;
  /** `user_agent.synthetic.type`: `bot` or `test`, where the `User-Agent` names one. */
  readonly syntheticType?: boolean;
}

export const ATTR_HTTP_REQUEST_BODY_SIZE = 'http.request.body.size';
const ATTR_HTTP_RESPONSE_BODY_SIZE = 'http.response.body.size';
const ATTR_CLIENT_PORT = 'client.port';
const ATTR_USER_AGENT_SYNTHETIC_TYPE = 'user_agent.synthetic.type';

/** Synthetic monitoring and load generators. */
const TEST_AGENT =
  /alwayson|pingdom|uptimerobot|statuscake|site24x7|datadogsynthetics|cloudwatchsynthetics|newrelicsynthetics|googlestackdrivermonitoring|kube-probe|elb-healthchecker|\b(?:k6|autocannon|apachebench|wrk|oha|hey|artillery|jmeter|gatling|locust)\//;
/** Crawlers call themselves bot, spider or crawler, some others by name. */
const BOT_AGENT =
  /bot\b|spider\b|crawl(?:er|ing)?\b|slurp|bingpreview|facebookexternalhit|mediapartners-google|google-inspectiontool|ia_archiver/;

/** @param client the client's own end, unknown behind a proxy */
export function optInRequest(
  c: Context,
  env: ServerEnv,
  optIn: OptIn,
  redactor: Redactor,
  client: Peer | undefined,
): Attributes {
  const attributes: Attributes = {};
  if (optIn.clientPort && client !== undefined) attributes[ATTR_CLIENT_PORT] = client.port;
  const names = () => Object.keys(env.incoming?.headers ?? c.req.header());
  for (const name of select(optIn.requestHeaders, names)) {
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

/** @returns the size of the body in bytes, where it is known and wanted */
export function optInResponse(
  span: Span,
  { headers }: Response,
  optIn: OptIn,
  redactor: Redactor,
): number | undefined {
  for (const name of select(optIn.responseHeaders, () => [...headers.keys()])) {
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
 * Returns the lowercase names of the headers to record, each once.
 * @param names returns those of the message, and is called only for patterns
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
