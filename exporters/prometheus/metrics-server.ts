import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { diag } from '@opentelemetry/api';
import { ownHosts, refuseHost } from '../hosts/index.ts';
import { CONTENT_TYPES, negotiateFormat, type PageFormat } from './negotiate-format.ts';

/** Idle connections are closed after this time. */
const IDLE_TIMEOUT_MS = 10_000;
/** The path, after an origin if the client is a proxy. */
const METRICS_PATH = /^(?:https?:\/\/[^/?#]*)?\/metrics(?:\?|$)/i;

/** A running metrics server. */
export interface MetricsServer {
  /** Closes the port and all connections, including those of requests in flight. */
  close(): Promise<void>;
}

/** Options of `startMetricsServer()`. */
export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Host names that are accepted in addition to `host` and loopback names. */
  readonly allowedHosts?: readonly string[];
  collectPage(format: PageFormat): Promise<string>;
}

/** Serves `/metrics` to GET and HEAD. Rejects if the port is in use. Does not keep the program running. */
export async function startMetricsServer({
  host,
  port,
  allowedHosts = [],
  collectPage,
}: MetricsServerOptions): Promise<MetricsServer> {
  const isOwnHost = ownHosts([host, ...allowedHosts]);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers, headersDistinct } = request;
    // Repeated headers, joined, are not a valid host.
    const refusal = refuseHost(headersDistinct.host?.join(), isOwnHost);
    if (refusal === 400) return respond(response, 400, 'Bad Host header');
    if (refusal) return respond(response, 421, 'Not a host name of this server');
    if (!METRICS_PATH.test(url)) return respond(response, 404, 'Metrics are at /metrics');
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return respond(response, 405, 'Use GET or HEAD');
    }
    const format = negotiateFormat(headers.accept);
    response.setHeader('vary', 'accept');
    try {
      respond(response, 200, await collectPage(format), CONTENT_TYPES[format]);
    } catch {
      respond(response, 500, 'Metrics cannot be collected');
    }
  }

  const server = createServer(handle);
  server.setTimeout(IDLE_TIMEOUT_MS);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  // Without a listener, an error after the start would end the program.
  server.on('error', (error) => diag.warn('The Prometheus endpoint has an error', error));
  server.unref();
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function respond(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
