import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { Bindings, Fetch, Peer, Runtime, ServeOptions, Server } from '../src/runtime.ts';

/** A request must have arrived whole, body included, within this time. */
const REQUEST_TIMEOUT = 20_000;

export function createRuntime(): Runtime {
  return {
    name: 'nodejs',
    version: process.versions.node,
    hasOwnTelemetry: false,
    takesAnyHeaders: false,
    measures: {
      eventLoopDelay: true,
      eventLoopTime: true,
      garbageCollection: true,
      heapSpaces: true,
      activeResources: true,
    },
    serve,
  };
}

async function serve(fetch: Fetch, { hostname, port }: ServeOptions): Promise<Server> {
  const server = createAdaptorServer({
    fetch: (request, env) => fetch(request, new NodeBindings(env as HttpBindings)),
    serverOptions: {
      requestTimeout: REQUEST_TIMEOUT,
      headersTimeout: REQUEST_TIMEOUT / 2,
      connectionsCheckingInterval: 5_000,
    },
  }) as HttpServer;
  server.listen(port, hostname);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMillis) {
      const closed = once(server, 'close');
      server.close();
      // It closes connections that are idle now, but not those that a request keeps for the moment.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      const timer = setTimeout(() => server.closeAllConnections(), graceMillis);
      await closed;
      clearInterval(sweep);
      clearTimeout(timer);
    },
  };
}

/** What @hono/node-server passes, with the peer read only when it is asked for. */
class NodeBindings implements Bindings {
  readonly incoming: HttpBindings['incoming'];
  readonly outgoing: HttpBindings['outgoing'];

  constructor({ incoming, outgoing }: HttpBindings) {
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  get peer(): Peer | undefined {
    const { remoteAddress, remotePort } = this.incoming.socket;
    return remoteAddress === undefined
      ? undefined
      : { address: remoteAddress, port: remotePort ?? 0 };
  }
}
