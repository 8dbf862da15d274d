import type { Hono } from 'hono';
import { testTracedOutcomes } from '../contracts/traced-outcomes.ts';
import { testTracedServer } from '../contracts/traced-server.ts';
import { testTracedStreams, type Unknowable } from '../contracts/traced-streams.ts';
import { currentRuntime } from '../support/app-command.ts';
import { startNodeServer } from '../support/stock-server.ts';
import type { ServedApp } from '../support/use-traced-server.ts';

const byRuntime: Record<string, Unknowable> = {
  bun: { unseenInText: 'node:http of Bun finishes a response that it has not sent' },
  deno: {
    unseenInText: 'node:http of Deno finishes a response that it has not sent',
    unseenException: 'a response of Deno has no `errored`',
  },
};

async function serve(app: Hono): Promise<ServedApp> {
  const { url, close } = await startNodeServer(app);
  return { request: (path, init) => fetch(url + path, init), close };
}

// A file of its own: see `startNodeServer()`.
const name = `@hono/node-server on ${currentRuntime}`;
testTracedServer(name, serve);
testTracedOutcomes(name, serve);
testTracedStreams(name, serve, byRuntime[currentRuntime]);
