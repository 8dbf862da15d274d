import { defaultAuthority } from './http/default-authority.ts';
import type { Bindings, Fetch, Peer, Runtime, ServeOptions, Server } from './runtime.ts';

interface BunServer {
  readonly port: number;
  requestIP(request: Request): Peer | null;
  /** How long the connection may be quiet from now on. */
  timeout(request: Request, seconds: number): void;
  stop(closeActiveConnections?: boolean): Promise<void>;
}

/** The part of Bun's API that is used here. */
declare const Bun: {
  readonly version: string;
  serve(options: {
    hostname: string;
    port: number;
    fetch(request: Request, server: BunServer): Response | Promise<Response>;
  }): BunServer;
};

/** Seconds after which Bun cuts a connection on which nothing happens; it counts in steps of 4. */
const QUIET_SENDER = 10;
const QUIET_READER = 60;

export function createRuntime(): Runtime {
  return {
    name: 'bun',
    version: Bun.version,
    limitsHeaderSize: true,
    serve,
  };
}

/** Bun tells nothing about the end of a response: its bindings carry the peer alone. */
async function serve(fetch: Fetch, { hostname, port }: ServeOptions): Promise<Server> {
  const server = Bun.serve({
    hostname,
    port,
    fetch(request, bun) {
      // Bun holds a handler that thinks, or a stream that has nothing to say, for a client that is
      // slow to send. Who sends no body cannot be that; an idle connection closes by it, too.
      const sendsBody = request.method !== 'GET' && request.method !== 'HEAD';
      bun.timeout(request, sendsBody ? QUIET_SENDER : QUIET_READER);
      const whole = withWholeUrl(request, hostname, bun.port);
      const response = fetch(whole, new BunBindings(bun, request));
      return hasBody(whole) ? closeAfterBody(whole, response) : response;
    },
  });
  return {
    port: server.port,
    async close(graceMillis) {
      const timer = setTimeout(() => server.stop(true), graceMillis);
      await server.stop();
      clearTimeout(timer);
    },
  };
}

function hasBody({ headers }: Request): boolean {
  return headers.has('Transfer-Encoding') || (headers.get('Content-Length') ?? '0') !== '0';
}

/**
 * Closes the connection if Bun would read on behind the response: it takes the trailers of a chunked
 * body for a request, and skips a body that was not used, however long it is.
 */
async function closeAfterBody(
  request: Request,
  answer: Response | Promise<Response>,
): Promise<Response> {
  const response = await answer;
  if (request.bodyUsed && !request.headers.has('Transfer-Encoding')) return response;
  // A copy: the handler may share its response between requests, or have one with immutable headers.
  const copy = new Response(response.body, response);
  copy.headers.set('Connection', 'close');
  return copy;
}

/** Bun leaves the URL relative without a valid `Host` header. */
function withWholeUrl(request: Request, hostname: string, port: number): Request {
  const { url } = request;
  if (!url.startsWith('/')) return request;
  return new Request(`http://${defaultAuthority(hostname, port)}${url}`, request);
}

class BunBindings implements Bindings {
  /** `Bun.serve()` speaks only this; it hides that a client spoke 1.0. */
  readonly protocolVersion = '1.1';
  readonly #server: BunServer;
  readonly #request: Request;

  constructor(server: BunServer, request: Request) {
    this.#server = server;
    this.#request = request;
  }

  get peer(): Peer | undefined {
    return this.#server.requestIP(this.#request) ?? undefined;
  }
}
