/** What an HTTP handler is to a server: Hono's `app.fetch`. */
export type Fetch = (request: Request, bindings: Bindings) => Response | Promise<Response>;

/** The remote end of a TCP connection. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** What the app sees of one connection, whichever server accepted it (Hono's `c.env`). */
export interface Bindings {
  readonly peer?: Peer | undefined;
  /**
   * Calls `listener` once when the response has been handed to the system whole, or cannot be any
   * more. `error` is set when the server cut the response short, not when the client went away.
   * A runtime that cannot tell (Bun) leaves the method out.
   */
  onResponseEnd?(listener: (error?: unknown) => void): void;
  /** True when the runtime has made a SERVER span for this request already, and it is active. */
  readonly hasServerSpan?: boolean;
}

export interface ServeOptions {
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** A listening server. */
export interface Server {
  /** `http://127.0.0.1:5000`, with the port that was taken. */
  readonly url: string;
  /**
   * Stops accepting connections, then waits for the requests in flight.
   * @param graceMillis after which the connections that are left are cut
   */
  close(graceMillis: number): Promise<void>;
}

/** A machine that can run the app: everything the app needs from it, nothing else. */
export interface Runtime {
  /** Value of the resource attribute `process.runtime.name`. */
  readonly name: 'nodejs' | 'bun' | 'deno';
  /** Value of the resource attribute `process.runtime.version`. */
  readonly version: string;
  /** True when the runtime exports its own telemetry and holds the global providers (`OTEL_DENO`). */
  readonly hasOwnTelemetry: boolean;
  /** Rejects with code `EADDRINUSE`, `EACCES` or `EADDRNOTAVAIL` when the address cannot be had. */
  serve(fetch: Fetch, options: ServeOptions): Promise<Server>;
}
