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
import type { Redactor } from '../redact.ts';
import type { ResolvedRequest } from './resolve-request.ts';
import { protocolVersion, readHeader, type ServerEnv } from './server-env.ts';

/** Returns the attributes that are known before the handler runs. Samplers see them. */
export function requestAttributes(
  c: Context,
  env: ServerEnv,
  method: string,
  redactor: Redactor,
  { peer, client, scheme, authority, path, query }: ResolvedRequest,
): Attributes {
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_PATH]: redactor.path(path),
    [ATTR_URL_SCHEME]: scheme,
  };
  if (method === '_OTHER') attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = c.req.method;
  if (query !== '') attributes[ATTR_URL_QUERY] = redactor.query(query);

  if (peer !== undefined) {
    attributes[ATTR_NETWORK_PEER_ADDRESS] = peer.address;
    if (peer.port !== undefined) attributes[ATTR_NETWORK_PEER_PORT] = peer.port;
    attributes[ATTR_CLIENT_ADDRESS] = client;
  }
  if (authority !== undefined) {
    const { hostname, port } = authority;
    attributes[ATTR_SERVER_ADDRESS] = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
    attributes[ATTR_SERVER_PORT] = port ?? (scheme === 'https' ? 443 : 80);
  }

  const userAgent = readHeader(c, env, 'user-agent');
  if (userAgent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = userAgent;
  const version = protocolVersion(c, env);
  if (version !== undefined) {
    attributes[ATTR_NETWORK_PROTOCOL_VERSION] = version === '2.0' ? '2' : version;
  }
  return attributes;
}
