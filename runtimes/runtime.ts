/** What an HTTP handler is to a server: Hono's `app.fetch`. */
export type Fetch = (request: Request, bindings: Bindings) => Response | Promise<Response>;

/** The remote end of a TCP connection. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/**
 * What the app sees of one request's connection, whichever server accepted it (Hono's `c.env`).
 *
 * Beside `peer` each adapter hands on, under the server's own name, what tells when the response
 * has ended: `outgoing` on Node, `completed` on Deno. `traceHttp()` reads the same names under a
 * stock server. Bun has nothing of the kind.
 */
export interface Bindings {
  readonly peer?: Peer | undefined;
  /** Value of the attribute `network.protocol.version`, where the adapter knows it and `incoming` is absent. */
  readonly protocolVersion?: string | undefined;
}

export interface ServeOptions {
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Called when connections cannot be accepted; the server goes on listening. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A listening server. */
export interface Server {
  /** The port that was taken. */
  readonly port: number;
  /**
   * Stops accepting connections, then waits for the requests in flight.
   * @param graceMillis after which those that are left are cut, or on Deno left to the process's end
   */
  close(graceMillis: number): Promise<void>;
}

/** A machine that can run the app: everything the app needs from it, nothing else. */
export interface Runtime {
  /** Value of the resource attribute `process.runtime.name`. */
  readonly name: 'nodejs' | 'bun' | 'deno';
  /** Value of the resource attribute `process.runtime.version`. */
  readonly version: string;
  /** False if its server accepts request headers of any size, so that the app has to limit them. */
  readonly limitsHeaderSize: boolean;
  /** Rejects with code `EADDRINUSE`, `EACCES` or `EADDRNOTAVAIL` when the address cannot be had. */
  serve(fetch: Fetch, options: ServeOptions): Promise<Server>;
}
