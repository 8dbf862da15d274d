import type { Bindings, Fetch, Peer, Runtime, ServeOptions, Server } from '../src/runtime.ts';

interface BunServer {
  readonly hostname: string;
  readonly port: number;
  requestIP(request: Request): Peer | null;
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

export function createRuntime(): Runtime {
  return {
    name: 'bun',
    version: Bun.version,
    hasOwnTelemetry: false,
    takesAnyHeaders: false,
    measures: {
      // The rest is there as well: a loop that was never busy, JavaScriptCore's heap as one space of
      // V8's, no resources and no entry of type `gc`.
      eventLoopDelay: true,
      eventLoopTime: false,
      garbageCollection: false,
      heapSpaces: false,
      activeResources: false,
    },
    serve,
  };
}

/** Bun tells nothing about the end of a response: its bindings carry the peer alone. */
async function serve(fetch: Fetch, { hostname, port }: ServeOptions): Promise<Server> {
  const server = Bun.serve({
    hostname,
    port,
    fetch: (request, bun) => fetch(request, new BunBindings(bun, request)),
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

class BunBindings implements Bindings {
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
