import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import process from 'node:process';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import {
  type Bindings,
  defaultAuthority,
  type Fetch,
  type Peer,
  type Runtime,
  type ServeOptions,
  type Server,
} from './runtime.ts';

/** Time to receive a whole request, including its body. */
const REQUEST_TIMEOUT_MS = 20_000;
/** Time within which a client must read some of its response. */
const READER_TIMEOUT_MS = 20_000;
/** Maximum number of requests of one connection that wait for earlier responses. */
const MAX_PIPELINED = 100;

export function createRuntime(): Runtime {
  return {
    name: 'nodejs',
    version: process.versions.node,
    limitsHeaderSize: true,
    serve,
  };
}

async function serve(
  fetch: Fetch,
  { hostname, port, onError = () => {} }: ServeOptions,
): Promise<Server> {
  const respond = getRequestListener((request, env) =>
    fetch(request, new NodeBindings(env as HttpBindings)),
  );
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS / 2,
      connectionsCheckingInterval: 5_000,
    },
    respondInOrder(respond),
  );
  server.timeout = READER_TIMEOUT_MS;
  server.on('timeout', cutSlowReader);
  server.listen(port, hostname);
  await once(server, 'listening');
  // Without a listener, an error of `accept()` would end the process.
  server.on('error', onError);
  const { port: takenPort } = server.address() as AddressInfo;
  // Before @hono/node-server's own listener, which refuses a request without a host.
  server.prependListener('request', ({ headers }) => {
    headers.host ||= defaultAuthority(hostname, takenPort);
  });

  return {
    port: takenPort,
    async close(graceMillis) {
      const closed = once(server, 'close');
      server.close();
      // close() only closes connections that are idle now, so repeat it for the others.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      const timer = setTimeout(() => server.closeAllConnections(), graceMillis);
      await closed;
      clearInterval(sweep);
      clearTimeout(timer);
    },
  };
}

/**
 * Handles a request when its response can be sent. Node emits all pipelined requests at once, and would
 * buffer all their responses for a client that does not read.
 */
function respondInOrder(respond: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>();

  return function respondInOrder(incoming, outgoing) {
    // Node would read a body of any length to find the next request.
    if (hasUnreadBody(incoming)) outgoing.shouldKeepAlive = false;
    if (outgoing.socket) return respond(incoming, outgoing);

    const { socket } = incoming;
    const count = (waiting.get(socket) ?? 0) + 1;
    if (count > MAX_PIPELINED) return void socket.destroy();
    waiting.set(socket, count);
    outgoing.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      respond(incoming, outgoing);
    });
  };
}

/** Returns whether a request has a body that no handler reads, because its method needs none. */
function hasUnreadBody({ method, rawHeaders }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length !== 14 && name?.length !== 17) continue;
    if (/^(?:content-length|transfer-encoding)$/i.test(name)) return true;
  }
  return false;
}

/** Closes an idle connection, unless its client waits for a response. */
function cutSlowReader(socket: Socket): void {
  const isIdle = socket.timeout !== READER_TIMEOUT_MS;
  if (isIdle || socket.writableLength > 0) socket.destroy();
}

/** The bindings of @hono/node-server, with a lazily read peer. */
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
