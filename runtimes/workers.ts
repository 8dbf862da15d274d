import type { Bindings, Runtime, Server } from './runtime.ts';

export type { Fetch } from './runtime.ts';

/** The part of a request that only Cloudflare provides. */
interface IncomingProperties {
  /** `HTTP/2`, `HTTP/3`; undefined in local development. */
  readonly httpProtocol?: string | undefined;
}

/**
 * Describes the platform.
 *
 * It does not listen: the platform calls `fetch()` of src/worker.ts. There are no signals, no process and no
 * files. Work after a response needs `ctx.waitUntil()`. Clocks stand still between two I/O operations. A timer
 * and a promise belong to the request that created them.
 */
export function createRuntime(): Runtime {
  return {
    name: 'workerd',
    // The platform has no versions, only compatibility dates, which a program cannot read.
    version: '',
    // The platform accepts up to 128 kB of headers.
    limitsHeaderSize: false,
    serve: () => Promise.reject<Server>(new Error('Workers do not listen: deploy src/worker.ts.')),
  };
}

/** Returns what the platform knows about the connection of a request. */
export function workerBindings(request: Request & { readonly cf?: unknown }): Bindings {
  // Cloudflare sets this header and replaces that of a client.
  const address = request.headers.get('cf-connecting-ip');
  const { httpProtocol } = (request.cf ?? {}) as IncomingProperties;
  return {
    ...(address !== null && { peer: { address } }),
    protocolVersion: httpProtocol?.replace(/^HTTP\//, ''),
  };
}
