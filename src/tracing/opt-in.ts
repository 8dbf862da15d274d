import type { Attributes, Span } from '@opentelemetry/api';
import type { Context } from 'hono';
import { type Peer, readHeader, type ServerEnv } from './server-env.ts';

/** What the HTTP conventions leave to choice; each is off by default. */
export interface OptIn {
  /** `client.port` */
  readonly clientPort?: boolean;
  /** Recorded as `http.request.header.<name>`, in lower case; what carries secrets as `REDACTED`. */
  readonly requestHeaders?: readonly string[];
  /** Recorded as `http.response.header.<name>`, likewise. */
  readonly responseHeaders?: readonly string[];
  /** Sizes as attributes and metrics, where `Content-Length` tells them. */
  readonly bodySizes?: boolean;
  /** The metric `http.server.active_requests`. */
  readonly activeRequests?: boolean;
}

export const ATTR_HTTP_REQUEST_BODY_SIZE = 'http.request.body.size';
const ATTR_HTTP_RESPONSE_BODY_SIZE = 'http.response.body.size';
const ATTR_CLIENT_PORT = 'client.port';

/** Headers whose values never stand in a span, even when they are asked for: by a word in their names. */
const SENSITIVE =
  /(?:^|[-_])(?:auth|authorization|authentication|cookie|token|jwt|assertion|credentials?|signature)$|secret|password|api-?key/;

/** @param client the client's own end, unknown behind a proxy */
export function optInRequest(
  c: Context,
  env: ServerEnv,
  optIn: OptIn,
  client: Peer | undefined,
): Attributes {
  const attributes: Attributes = {};
  if (optIn.clientPort && client !== undefined) attributes[ATTR_CLIENT_PORT] = client.port;
  for (const name of optIn.requestHeaders ?? []) {
    const key = name.toLowerCase();
    const value = readHeader(c, env, key);
    if (value !== undefined) attributes[`http.request.header.${key}`] = [redact(key, value)];
  }
  const size = optIn.bodySizes ? byteCount(readHeader(c, env, 'content-length')) : undefined;
  if (size !== undefined) attributes[ATTR_HTTP_REQUEST_BODY_SIZE] = size;
  return attributes;
}

/** @returns the size of the body in bytes, where it is known and wanted */
export function optInResponse(span: Span, { headers }: Response, optIn: OptIn): number | undefined {
  for (const name of optIn.responseHeaders ?? []) {
    const key = name.toLowerCase();
    const value = headers.get(key);
    if (value !== null) span.setAttribute(`http.response.header.${key}`, [redact(key, value)]);
  }
  const size = optIn.bodySizes ? byteCount(headers.get('content-length')) : undefined;
  if (size !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_BODY_SIZE, size);
  return size;
}

function redact(name: string, value: string): string {
  return SENSITIVE.test(name) ? 'REDACTED' : value;
}

function byteCount(contentLength: string | null | undefined): number | undefined {
  return contentLength && /^\d+$/.test(contentLength) ? Number(contentLength) : undefined;
}
