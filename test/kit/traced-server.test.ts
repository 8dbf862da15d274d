import type { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { loadRuntime } from '../../runtimes/index.ts';
import { testTracedOutcomes } from '../contracts/traced-outcomes.ts';
import { testTracedServer } from '../contracts/traced-server.ts';
import { testTracedStreams, type Unknowable } from '../contracts/traced-streams.ts';
import { currentRuntime } from '../support/app-command.ts';
import { startStockServer } from '../support/stock-server.ts';
import { type ServedApp, useTracedServer } from '../support/use-traced-server.ts';

const byRuntime: Record<string, Unknowable> = {
  node: {},
  bun: {
    undeclaredStreams: 'Bun gives a text no type before it is sent, so nothing tells them apart',
    unseenInBody: 'Bun does not report the end of a response',
  },
  deno: {
    unseenBeforeAnswer: '`completed` resolves however a response ends',
    unseenInBody: '`completed` resolves however a response ends',
  },
};
const noUsedBodies =
  currentRuntime === 'deno' ? 'Deno answers nothing, and rejects outside of the app' : undefined;

const unknowable: Unknowable = byRuntime[currentRuntime] ?? {};

async function serveWithAdapter(app: Hono): Promise<ServedApp> {
  const runtime = await loadRuntime();
  const server = await runtime.serve(app.fetch, { hostname: '127.0.0.1', port: 0 });
  return overHttp(`http://127.0.0.1:${server.port}`, () => server.close(0));
}

testTracedServer(`our adapter for ${currentRuntime}`, serveWithAdapter);
testTracedOutcomes(`our adapter for ${currentRuntime}`, serveWithAdapter, noUsedBodies);
testTracedStreams(`our adapter for ${currentRuntime}`, serveWithAdapter, unknowable);

describe(`the adapter for ${currentRuntime}`, () => {
  const server = useTracedServer(serveWithAdapter);

  test('records the version of HTTP on the span and the metric', async () => {
    await (await server().request('/static')).text();
    const { attributes } = await server().ended();
    expect(attributes['network.protocol.version']).toBe('1.1');
    const [point] = await server().telemetry.histograms('http.server.request.duration');
    expect(point?.attributes['network.protocol.version']).toBe('1.1');
  });
});

async function serveStock(app: Hono): Promise<ServedApp> {
  const server = await startStockServer(app);
  return overHttp(server.url, server.close);
}

testTracedServer(`a stock server of ${currentRuntime}`, serveStock);
testTracedOutcomes(`a stock server of ${currentRuntime}`, serveStock, noUsedBodies);
testTracedStreams(`a stock server of ${currentRuntime}`, serveStock, unknowable);

async function callDirectly(app: Hono): Promise<ServedApp> {
  return { request: async (path, init) => app.request(path, init), close: async () => {} };
}

testTracedServer('app.request()', callDirectly, 'there is no connection');
testTracedStreams('app.request()', callDirectly, {
  disguisedStreams: 'nobody tells when the answer was read',
  ...(currentRuntime === 'node' && {
    undeclaredStreams: 'the Response of @hono/node-server gives every body a type',
  }),
  ...unknowable,
  goneBeforeAnswer: 'there is no connection',
  unseenInBody: 'there is no connection',
});

function overHttp(url: string, close: () => Promise<void>): ServedApp {
  return { request: (path, init) => fetch(url + path, init), close };
}
