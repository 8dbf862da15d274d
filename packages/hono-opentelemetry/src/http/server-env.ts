import type { Context } from 'hono';

/** State of a stream that a server writes to. */
interface WritableState {
  readonly writableFinished: boolean;
  /** Undefined on Deno, where `destroyed` has the same meaning. */
  readonly closed?: boolean;
  readonly destroyed?: boolean;
  readonly errored: Error | null;
  /** Error code of an HTTP/2 stream that was reset; 0 means no error. */
  readonly rstCode?: number | undefined;
}

/** Node's `ServerResponse`, or `Http2ServerResponse`, whose stream has the state. */
export interface Outgoing extends Partial<WritableState> {
  readonly stream?: WritableState;
  readonly headersSent: boolean;
  readonly statusCode: number;
  setHeader(name: string, value: string): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** The remote address of a connection. */
export interface Peer {
  readonly address: string;
  /** Undefined if a proxy of the platform hides it. */
  readonly port?: number | undefined;
}

/**
 * The part of `c.env` that servers pass to `app.fetch()`.
 *
 * @hono/node-server passes `incoming` and `outgoing`; `Deno.serve` passes `remoteAddr` and `completed`;
 * `Bun.serve` passes the server, which has `requestIP()`. Workers pass the bindings of the program, and
 * `app.request()` passes nothing. A custom adapter may pass `peer` and `protocolVersion`.
 */
export interface ServerEnv {
  readonly peer?: Peer | undefined;
  /** HTTP version, if `incoming` does not have it. */
  readonly protocolVersion?: string | undefined;
  readonly incoming?: {
    readonly headers: Record<string, string | string[] | undefined>;
    /** Names and values, alternating. */
    readonly rawHeaders?: readonly string[];
    readonly httpVersion: string;
    readonly socket: { readonly remoteAddress?: string; readonly remotePort?: number };
  };
  readonly outgoing?: Outgoing;
  readonly remoteAddr?: { readonly hostname?: string; readonly port?: number };
  readonly completed?: Promise<void>;
  requestIP?(request: Request): Peer | null;
}

const NO_ENV: ServerEnv = {};

/** Returns the environment that the server passed with a request. */
export function serverEnv(c: Context): ServerEnv {
  return (c.env as ServerEnv | undefined) ?? NO_ENV;
}

/** Returns the remote address of the connection, if the server reports it. */
export function getPeer(c: Context, env: ServerEnv): Peer | undefined {
  const peer = reportedPeer(c, env);
  return peer && { address: unmapAddress(peer.address), port: peer.port };
}

const MAPPED = /^::ffff:(?=\d+\.)/i;

/**
 * Returns an IPv4 address in its usual form. A server that listens on `::`, the default of Node, reports
 * it as `::ffff:192.0.2.1`.
 */
export function unmapAddress(address: string): string {
  return address.startsWith('::') ? address.replace(MAPPED, '') : address;
}

function reportedPeer(c: Context, env: ServerEnv): Peer | undefined {
  if (env.peer !== undefined) return env.peer;
  if (env.incoming !== undefined) {
    const { remoteAddress, remotePort } = env.incoming.socket;
    return remoteAddress === undefined
      ? undefined
      : { address: remoteAddress, port: remotePort ?? 0 };
  }
  if (env.remoteAddr?.hostname !== undefined) {
    return { address: env.remoteAddr.hostname, port: env.remoteAddr.port ?? 0 };
  }
  return env.requestIP?.(c.req.raw) ?? cloudflarePeer(c);
}

/** Properties that only Cloudflare Workers add to a request, so that no client can forge them. */
interface CloudflareRequest {
  readonly cf?: { readonly httpProtocol?: string };
}

function cloudflarePeer({ req }: Context): Peer | undefined {
  if ((req.raw as CloudflareRequest).cf === undefined) return undefined;
  const address = req.header('cf-connecting-ip');
  return address === undefined ? undefined : { address };
}

/** Returns the HTTP version, if the server reports it: `1.1`, `2`. */
export function protocolVersion({ req }: Context, env: ServerEnv): string | undefined {
  const version = env.incoming?.httpVersion ?? env.protocolVersion;
  if (version !== undefined || env.incoming !== undefined) return version;
  return (req.raw as CloudflareRequest).cf?.httpProtocol?.replace('HTTP/', '');
}

/**
 * Returns a request header by its lowercase name.
 *
 * On Node the headers are already parsed, and building a `Headers` object from them costs more than the
 * rest of the middleware.
 */
export function readHeader(c: Context, env: ServerEnv, name: string): string | undefined {
  if (env.incoming === undefined) return c.req.header(name);
  const value = env.incoming.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Returns the `Host` header. Repeated ones are joined, which is not a valid host. */
export function readHost(c: Context, env: ServerEnv): string | undefined {
  // `incoming.headers` has only the first one.
  const raw = env.incoming?.rawHeaders;
  if (raw === undefined) return readHeader(c, env, 'host');
  let host: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    host = host === undefined ? raw[i + 1] : `${host}, ${raw[i + 1]}`;
  }
  return host;
}
