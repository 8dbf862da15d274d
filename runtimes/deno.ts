import type { Bindings, Fetch, Runtime, ServeOptions, Server } from './runtime.ts';

interface ServeInfo {
  readonly remoteAddr: { readonly hostname: string; readonly port: number };
  readonly completed: Promise<void>;
}

/** The part of Deno's API that is used here. */
declare const Deno: {
  readonly version: { readonly deno: string };
  serve(
    options: { hostname: string; port: number; onListen(): void },
    handler: (request: Request, info: ServeInfo) => Response | Promise<Response>,
  ): {
    readonly addr: { readonly port: number };
    /** Rejects when a connection cannot be accepted, which ends the server. */
    readonly finished: Promise<void>;
    shutdown(): Promise<void>;
  };
};

/** Delay before listening again, in which other connections may free descriptors. */
const LISTEN_AGAIN_MS = 200;

export function createRuntime(): Runtime {
  return {
    name: 'deno',
    version: Deno.version.deno,
    limitsHeaderSize: false,
    serve,
  };
}

async function serve(
  fetch: Fetch,
  { hostname, port, onError = () => {} }: ServeOptions,
): Promise<Server> {
  let isClosing = false;
  let server = listen(port);

  function listen(port: number) {
    const server = Deno.serve(
      { hostname, port, onListen() {} },
      (request, { remoteAddr, completed }) => {
        const bindings: DenoBindings = {
          peer: { address: remoteAddr.hostname, port: remoteAddr.port },
          // HTTP/1.0 and HTTP/2 requests do not have it.
          protocolVersion: request.headers.has('host') ? '1.1' : undefined,
          completed,
        };
        return fetch(request, bindings);
      },
    );
    server.finished.catch(listenAgain);
    return server;
  }

  /** Listens again after Deno has run out of descriptors; open connections continue. */
  function listenAgain(error: unknown): void {
    onError(error);
    const { port } = server.addr;
    setTimeout(() => {
      if (isClosing) return;
      try {
        server = listen(port);
      } catch (error) {
        listenAgain(error);
      }
    }, LISTEN_AGAIN_MS);
  }

  return {
    port: server.addr.port,
    async close(graceMillis) {
      isClosing = true;
      // Connections cannot be closed after shutdown(): the remaining ones end with the process.
      const { promise: graceEnded, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMillis);
      await Promise.race([server.shutdown(), graceEnded]);
      clearTimeout(timer);
    },
  };
}

interface DenoBindings extends Bindings {
  readonly completed: Promise<void>;
}
