import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { diag } from '@opentelemetry/api';
import { refuseHost } from './allowed-host.ts';
import { CONTENT_TYPES, negotiateFormat, type PageFormat } from './negotiate-format.ts';

/** Time without a byte, after which a connection is closed. */
const IDLE_TIMEOUT_MS = 10_000;
/** The path, after an origin if the client is a proxy. */
const METRICS_PATH = /^(?:https?:\/\/[^/?#]*)?\/metrics(?:\?|$)/i;

export interface MetricsServer {
  /** Closes the port and all connections, those of requests in flight included. */
  close(): Promise<void>;
}

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Host names that clients may use besides `host` and those of the loopback interface. */
  readonly allowedHosts?: readonly string[];
  collectPage(format: PageFormat): Promise<string>;
}

/** Serves `/metrics` to GET and HEAD. Rejects if the port is taken. Keeps no program alive. */
export async function startMetricsServer({
  host,
  port,
  allowedHosts = [],
  collectPage,
}: MetricsServerOptions): Promise<MetricsServer> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers, headersDistinct } = request;
    // Several of them, joined, are not a host.
    const refusal = refuseHost(headersDistinct.host?.join(), [host, ...allowedHosts]);
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
  // Without a listener an error after the start would end the program.
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
