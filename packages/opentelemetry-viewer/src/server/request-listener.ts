import { createServer, type RequestListener, type Server } from 'node:http';
import type { Hono } from 'hono';
import { OTLP_URL_HEADER, VIEWER_SERVER } from './identify-server.ts';

/** A client must have sent its request within this time. */
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Creates an HTTP server for an app that is loaded with the first request. The start of a program does
 * not wait for pages that may never be opened. `HEAD /` only identifies the viewer.
 * @param findOtlpUrl returns where the viewer receives OTLP over HTTP, if it does
 */
export function createLazyServer(
  loadApp: () => Promise<Hono>,
  findOtlpUrl: () => string | undefined = () => undefined,
): Server {
  let listener: Promise<RequestListener> | undefined;

  async function load(): Promise<RequestListener> {
    const [{ getRequestListener }, app] = await Promise.all([
      import('@hono/node-server'),
      loadApp(),
    ]);
    return getRequestListener(app.fetch);
  }

  const server = createServer(async (incoming, outgoing) => {
    if (incoming.method === 'HEAD' && incoming.url === '/') {
      const url = findOtlpUrl();
      outgoing.writeHead(200, { server: VIEWER_SERVER, ...(url && { [OTLP_URL_HEADER]: url }) });
      outgoing.end();
      return;
    }
    try {
      listener ??= load();
      (await listener)(incoming, outgoing);
    } catch {
      listener = undefined;
      outgoing.writeHead(500).end();
    }
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return server;
}
