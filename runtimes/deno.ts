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
      let timer: ReturnType<typeof setTimeout> | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMillis);
      });
      // What is left after that lives until the process ends: once a shutdown has begun, Deno cuts
      // nothing any more, and aborting the server's signal throws out of reach.
      await Promise.race([server.shutdown(), grace]);
      clearTimeout(timer);
    },
  };
}

interface DenoBindings extends Bindings {
  readonly completed: Promise<void>;
}
