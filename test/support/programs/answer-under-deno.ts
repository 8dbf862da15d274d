/**
 * A program for tests of Deno's own tracing: asks an app once for each path, under our adapter and
 * under a stock server, and ends.
 *
 *     answer-under-deno.ts adapter|stock PATH...
 */
import process from 'node:process';
import { Hono } from 'hono';
import { traceHttp } from '../../../packages/hono-opentelemetry/src/index.ts';
import { loadRuntime } from '../../../runtimes/index.ts';
import { startStockServer } from '../stock-server.ts';

const [server, ...paths] = process.argv.slice(2);
const app = new Hono().use(traceHttp());
app.get('/tasks/:id', (c) => c.text('milk'));
app.get('/unavailable', (c) => c.text('sorry', 503));
app.get('/error', () => {
  throw new TypeError('no');
});
app.onError((_error, c) => c.text('sorry', 500));

const { port, close } = await (server === 'stock' ? startStock() : startAdapter());
for (const path of paths) await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
await close();

async function startAdapter() {
  const runtime = await loadRuntime();
  const { port, close } = await runtime.serve(app.fetch, { hostname: '127.0.0.1', port: 0 });
  return { port, close: () => close(1_000) };
}

async function startStock() {
  const { url, close } = await startStockServer(app);
  return { port: new URL(url).port, close };
}
