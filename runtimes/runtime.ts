/** An HTTP handler: Hono's `app.fetch`. */
export type Fetch = (request: Request, bindings: Bindings) => Response | Promise<Response>;

/** The remote end of a TCP connection. */
export interface Peer {
  readonly address: string;
  /** Undefined if the platform hides it. */
  readonly port?: number | undefined;
}

/**
 * The connection of a request, independent of the server (Hono's `c.env`).
 *
 * Adapters also pass the server's own object that signals the end of the response: `outgoing` on Node,
 * `completed` on Deno. `traceHttp()` reads the same names under a stock server. Bun has no such object.
 */
export interface Bindings {
  readonly peer?: Peer | undefined;
  /** Value of the attribute `network.protocol.version`, if the adapter knows it and there is no `incoming`. */
  readonly protocolVersion?: string | undefined;
}

export interface ServeOptions {
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Called when connections cannot be accepted; the server continues to listen. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A listening server. */
export interface Server {
  /** The actual port. */
  readonly port: number;
  /**
   * Stops accepting connections, then waits for the requests in flight.
   * @param graceMillis time after which remaining connections are closed; on Deno they end with the process
   */
  close(graceMillis: number): Promise<void>;
}

/** A runtime that can serve the app. */
export interface Runtime {
  /** Value of the resource attribute `process.runtime.name`. */
  readonly name: 'nodejs' | 'bun' | 'deno' | 'workerd';
  /** Value of the resource attribute `process.runtime.version`. */
  readonly version: string;
  /** False if its server accepts request headers of any size, so that the app has to limit them. */
  readonly limitsHeaderSize: boolean;
  /** Starts a server. Rejects with code `EADDRINUSE`, `EACCES` or `EADDRNOTAVAIL` if it cannot listen. */
  serve(fetch: Fetch, options: ServeOptions): Promise<Server>;
}

/**
 * Returns the `host:port` of a server for requests that name none: HTTP/1.0 has no `Host` header.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.3
 */
export function defaultAuthority(hostname: string, port: number): string {
  const isAnyAddress = hostname === '0.0.0.0' || hostname === '::';
  const host = isAnyAddress ? 'localhost' : hostname;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
