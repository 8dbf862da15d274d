import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
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
import type { Context } from 'hono';
import { readForwarded } from './forwarded.ts';
import { type OptIn, optInRequest } from './opt-in.ts';
import type { Redactor } from './redact.ts';
import { peerOf, readHeader, type ServerEnv } from './server-env.ts';

/** Everything about a request that is known before its handler runs: samplers see these. */
export function requestAttributes(
  c: Context,
  env: ServerEnv,
  method: string,
  optIn: OptIn,
  redactor: Redactor,
  trustProxy?: (address: string) => boolean,
): Attributes {
  const url = splitUrl(c.req.raw.url);
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_PATH]: redactor.path(url.path),
    [ATTR_URL_SCHEME]: url.scheme,
  };
  if (method === '_OTHER') attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = c.req.method;
  if (url.query !== '') attributes[ATTR_URL_QUERY] = redactor.query(url.query);

  let { host } = url;
  const peer = peerOf(c, env);
  let client = peer;
  if (peer !== undefined) {
    attributes[ATTR_NETWORK_PEER_ADDRESS] = peer.address;
    attributes[ATTR_NETWORK_PEER_PORT] = peer.port;
    attributes[ATTR_CLIENT_ADDRESS] = peer.address;
    if (trustProxy?.(peer.address)) {
      const forwarded = readForwarded((name) => readHeader(c, env, name), trustProxy);
      if (forwarded.client !== undefined) {
        attributes[ATTR_CLIENT_ADDRESS] = forwarded.client;
        client = undefined;
      }
      if (forwarded.scheme !== undefined) attributes[ATTR_URL_SCHEME] = forwarded.scheme;
      if (forwarded.host !== undefined) host = forwarded.host;
    }
  }
  setServer(attributes, host);

  const userAgent = readHeader(c, env, 'user-agent');
  if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent;
  const version = env.incoming?.httpVersion ?? env.protocolVersion;
  if (version !== undefined) {
    attributes[ATTR_NETWORK_PROTOCOL_VERSION] = version === '2.0' ? '2' : version;
  }
  return Object.assign(attributes, optInRequest(c, env, optIn, redactor, client));
}

/**
 * The parts of an absolute URL as they were written, without the cost of `new URL()`.
 * `query` comes without its question mark.
 */
export function splitUrl(url: string): {
  scheme: string;
  host: string;
  path: string;
  query: string;
} {
  const hash = url.indexOf('#');
  const end = hash === -1 ? url.length : hash;
  const hostStart = url.indexOf('://') + 3;
  const slash = url.indexOf('/', hostStart);
  const pathStart = slash === -1 ? end : slash;
  const mark = url.indexOf('?', pathStart);
  const pathEnd = mark === -1 || mark > end ? end : mark;
  return {
    scheme: url.slice(0, hostStart - 3),
    host: url.slice(hostStart, pathStart),
    path: url.slice(pathStart, pathEnd) || '/',
    query: url.slice(pathEnd + 1, end),
  };
}

function setServer(attributes: Attributes, authority: string): void {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const colon = host.lastIndexOf(':');
  const hasPort = colon > host.lastIndexOf(']');
  const port = hasPort ? Number(host.slice(colon + 1)) : Number.NaN;
  const name = hasPort ? host.slice(0, colon) : host;
  attributes[ATTR_SERVER_ADDRESS] = name.startsWith('[') ? name.slice(1, -1) : name;
  attributes[ATTR_SERVER_PORT] =
    Number.isInteger(port) && port > 0 ? port : attributes[ATTR_URL_SCHEME] === 'https' ? 443 : 80;
}
