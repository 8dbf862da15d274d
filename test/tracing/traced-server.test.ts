import type { Hono } from 'hono';
import { loadRuntime } from '../../runtimes/index.ts';
import { type ServedApp, testTracedServer, type Unknowable } from '../contracts/traced-server.ts';
import { currentRuntime } from '../support/app-command.ts';
import { startStockServer } from '../support/stock-server.ts';

const unknowable: Unknowable =
  currentRuntime === 'bun'
    ? {
        undeclaredStreams:
          'Bun gives a text no type before it is sent, so nothing tells them apart',
      }
    : {};

testTracedServer(
  `our adapter for ${currentRuntime}`,
  async (app) => {
    const runtime = await loadRuntime();
    const server = await runtime.serve(app.fetch, { hostname: '127.0.0.1', port: 0 });
    return overHttp(`http://127.0.0.1:${server.port}`, () => server.close(0));
  },
  unknowable,
);

testTracedServer(
  `a stock server of ${currentRuntime}`,
  async (app) => {
    const server = await startStockServer(app);
    return overHttp(server.url, server.close);
  },
  unknowable,
);

testTracedServer(
  'app.request()',
  async (app: Hono) => ({
    request: async (path, init) => app.request(path, init),
    close: async () => {},
  }),
  {
    peer: 'there is no connection',
    disguisedStreams: 'nobody tells when the answer was read',
    ...(currentRuntime === 'node' && {
      undeclaredStreams: 'the Response of @hono/node-server gives every body a type',
    }),
    ...unknowable,
    goneBeforeAnswer: 'there is no connection',
  },
);

function overHttp(url: string, close: () => Promise<void>): ServedApp {
  return { request: (path, init) => fetch(url + path, init), close };
}
