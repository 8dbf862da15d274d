import {
  type Bindings,
  defaultAuthority,
  type Fetch,
  type Peer,
  type Runtime,
  type ServeOptions,
  type Server,
} from './runtime.ts';

interface BunServer {
  readonly port: number;
  requestIP(request: Request): Peer | null;
  /** Sets the idle timeout of the connection. */
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

/** Idle timeouts of connections, for clients that send a body and for others. Bun rounds to 4 s. */
const SENDER_TIMEOUT_SECONDS = 10;
const READER_TIMEOUT_SECONDS = 60;

export function createRuntime(): Runtime {
  return {
    name: 'bun',
    version: Bun.version,
    limitsHeaderSize: true,
    serve,
  };
}

/** Serves without a signal for the end of a response: Bun has none. */
async function serve(fetch: Fetch, { hostname, port }: ServeOptions): Promise<Server> {
  const server = Bun.serve({
    hostname,
    port,
    fetch(request, bun) {
      // Bun's idle timeout cannot distinguish a slow handler or an idle stream from a slow client.
      // So only clients that send a body get the short one.
      const sendsBody = request.method !== 'GET' && request.method !== 'HEAD';
      bun.timeout(request, sendsBody ? SENDER_TIMEOUT_SECONDS : READER_TIMEOUT_SECONDS);
      const absolute = withAbsoluteUrl(request, hostname, bun.port);
      const response = fetch(absolute, new BunBindings(bun, request));
      return hasBody(absolute) ? closeAfterBody(absolute, response) : response;
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
 * Closes the connection if Bun would continue to read after the response. Bun parses the trailers of a
 * chunked body as a request, and reads an unused body of any length.
 */
async function closeAfterBody(
  request: Request,
  result: Response | Promise<Response>,
): Promise<Response> {
  const response = await result;
  if (request.bodyUsed && !request.headers.has('Transfer-Encoding')) return response;
  // A copy: the handler may share its response between requests, or have one with immutable headers.
  const copy = new Response(response.body, response);
  copy.headers.set('Connection', 'close');
  return copy;
}

/** Makes the URL absolute: Bun leaves it relative without a valid `Host` header. */
function withAbsoluteUrl(request: Request, hostname: string, port: number): Request {
  const { url } = request;
  if (!url.startsWith('/')) return request;
  return new Request(`http://${defaultAuthority(hostname, port)}${url}`, request);
}

class BunBindings implements Bindings {
  /** `Bun.serve()` only supports 1.1, and hides that a client used 1.0. */
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
