import type { Bindings, Fetch, Runtime, ServeOptions, Server } from '../src/runtime.ts';

interface ServeInfo {
  readonly remoteAddr: { readonly hostname: string; readonly port: number };
  readonly completed: Promise<void>;
}

/** The part of Deno's API that is used here. */
declare const Deno: {
  readonly version: { readonly deno: string };
  readonly env: { get(name: string): string | undefined };
  serve(
    options: { hostname: string; port: number; onListen(): void },
    handler: (request: Request, info: ServeInfo) => Response | Promise<Response>,
  ): {
    readonly addr: { readonly port: number };
    readonly finished: Promise<void>;
    shutdown(): Promise<void>;
  };
};

export function createRuntime(): Runtime {
  // With Deno's own tracing on, every setGlobal…() of the API is refused and Deno exports by itself.
  const hasOwnTelemetry = Deno.env.get('OTEL_DENO')?.toLowerCase() === 'true';
  return {
    name: 'deno',
    version: Deno.version.deno,
    hasOwnTelemetry,
    takesAnyHeaders: true,
    serve: (fetch, options) => serve(fetch, options, hasOwnTelemetry),
  };
}

async function serve(
  fetch: Fetch,
  { hostname, port }: ServeOptions,
  hasServerSpan: boolean,
): Promise<Server> {
  const server = Deno.serve(
    { hostname, port, onListen() {} },
    (request, { remoteAddr, completed }) => {
      const bindings: DenoBindings = {
        peer: { address: remoteAddr.hostname, port: remoteAddr.port },
        completed,
        hasServerSpan,
      };
      return fetch(request, bindings);
    },
  );
  return {
    port: server.addr.port,
    async close(graceMillis) {
      // A connection cannot be cut once shutdown() was called: those left end with the process.
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
