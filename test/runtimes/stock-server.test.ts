import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Fetch } from '../../src/runtime.ts';
import { type TestServer, testTracedServer } from '../contracts/traced-server.ts';
import { currentRuntime } from '../support/app-command.ts';

declare const Bun: {
  serve(options: object): { port: number; stop(force: boolean): Promise<void> };
};
declare const Deno: {
  serve(options: object, fetch: Fetch): { addr: { port: number }; shutdown(): Promise<void> };
};

/** Servers as their own documentation starts them, without an adapter of ours. */
const stock: Record<typeof currentRuntime, (fetch: Fetch) => Promise<TestServer>> = {
  async node(fetch) {
    const server = serve({ fetch: fetch as never, hostname: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const close = async () => void server.close();
    return { port: (server.address() as AddressInfo).port, close };
  },
  async bun(fetch) {
    const server = Bun.serve({ fetch: fetch as never, hostname: '127.0.0.1', port: 0 });
    return { port: server.port, close: () => server.stop(true) };
  },
  async deno(fetch) {
    const server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, fetch);
    return { port: server.addr.port, close: () => server.shutdown() };
  },
};

testTracedServer(`traceHttp() under a stock server of ${currentRuntime}`, stock[currentRuntime]);
