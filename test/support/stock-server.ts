import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  upgradeWebSocket as nodeUpgradeWebSocket,
  serve,
  type WebSocketServerLike,
} from '@hono/node-server';
import type { Hono } from 'hono';
import type { UpgradeWebSocket } from 'hono/ws';
import { WebSocketServer } from 'ws';
import { currentRuntime } from './app-command.ts';

/** A server on 127.0.0.1, cut off when closed. */
export interface StockServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The parts of the runtimes' own servers that are used here. */
const { Bun, Deno } = globalThis as unknown as {
  Bun: {
    serve(options: { port: number; hostname: string; fetch: Hono['fetch']; websocket: unknown }): {
      readonly port: number;
      stop(closeActiveConnections: boolean): Promise<void>;
    };
  };
  Deno: {
    serve(
      options: { port: number; hostname: string; signal: AbortSignal; onListen(): void },
      handler: Hono['fetch'],
    ): { readonly addr: { readonly port: number }; readonly finished: Promise<void> };
  };
};

// The modules of other runtimes do not load.
const bun = currentRuntime === 'bun' ? await import('hono/bun') : undefined;
const deno = currentRuntime === 'deno' ? await import('hono/deno') : undefined;

/** Hono's WebSocket helper for the runtime. */
export const upgradeWebSocket = (bun?.upgradeWebSocket ??
  deno?.upgradeWebSocket ??
  nodeUpgradeWebSocket) as UpgradeWebSocket;

const address = { port: 0, hostname: '127.0.0.1' };

/**
 * Serves with @hono/node-server. It replaces `Response` in the whole process, and the own servers of Bun and Deno do
 * not accept that one.
 */
export async function startNodeServer(app: Hono): Promise<StockServer> {
  const server = serve({
    fetch: app.fetch,
    websocket: { server: new WebSocketServer({ noServer: true }) as WebSocketServerLike },
    ...address,
  }) as HttpServer;
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Serves as the runtime's documentation shows, without our adapter. */
export const startStockServer: (app: Hono) => Promise<StockServer> = {
  node: startNodeServer,
  async bun(app: Hono) {
    const server = Bun.serve({ ...address, fetch: app.fetch, websocket: bun?.websocket });
    return { url: `http://127.0.0.1:${server.port}`, close: () => server.stop(true) };
  },
  async deno(app: Hono) {
    const end = new AbortController();
    const server = Deno.serve({ ...address, signal: end.signal, onListen() {} }, app.fetch);
    return {
      url: `http://127.0.0.1:${server.addr.port}`,
      async close() {
        end.abort();
        await server.finished;
      },
    };
  },
}[currentRuntime];
