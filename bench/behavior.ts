// What an instrumentation records for four requests: `node bench/behavior.ts ours|hono-otel|sdk-node`, after
// `npm ci --prefix bench`.
import { createRequire } from 'node:module';
import process, { stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { parseChoices, readArguments } from '../script-arguments.ts';

interface EndedSpan {
  readonly name: string;
  readonly duration: readonly [seconds: number, nanoseconds: number];
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Length of the stream in the table of README.md. */
const STREAM_MS = 300;
const { positionals } = readArguments({ allowPositionals: true });
const [peer = 'ours'] = parseChoices('instrumentation', positionals, [
  'ours',
  'hono-otel',
  'sdk-node',
]);

const spans: EndedSpan[] = [];
const collectSpans = {
  onStart() {},
  onEnd: (span: EndedSpan) => void spans.push(span),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const instrumentations = peer === 'sdk-node' ? [await loadHttpInstrumentation()] : [];
new NodeSDK({ spanProcessors: [collectSpans], instrumentations }).start();
// Patched while it is loaded.
createRequire(import.meta.url)('node:http');

const { serve } = await import('@hono/node-server');
const { Hono } = await import('hono');
const { HTTPException } = await import('hono/http-exception');

const app = new Hono();
const middleware = await loadMiddleware();
if (middleware !== undefined) app.use(middleware);
app.get('/stream', () => {
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('a'));
      await sleep(STREAM_MS);
      controller.close();
    },
  });
  return new Response(body);
});
app.get('/throws', () => {
  throw new HTTPException(404);
});

const server = serve({ fetch: app.fetch, port: 0 });
await sleep(100);
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('not listening');
for (const path of ['/stream', '/throws', '/missing', '/missing?apiKey=secret']) {
  const response = await fetch(`http://127.0.0.1:${address.port}${path}`);
  await response.arrayBuffer();
  await sleep(50);
  for (const span of spans.splice(0)) {
    const milliseconds = span.duration[0] * 1e3 + span.duration[1] / 1e6;
    const { name, status, attributes } = span;
    stdout.write(`${path} ${name} ${milliseconds.toFixed(1)} ms, status ${status.code}\n`);
    for (const key of ['http.route', 'url.full', 'url.query']) {
      if (attributes[key] !== undefined) stdout.write(`    ${key}=${attributes[key]}\n`);
    }
  }
}
process.exit();

async function loadMiddleware() {
  if (peer === 'ours')
    return (await import('../packages/hono-opentelemetry/src/index.ts')).traceHttp();
  if (peer === 'hono-otel') return (await import('@hono/otel')).httpInstrumentationMiddleware();
  return undefined;
}

async function loadHttpInstrumentation() {
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  return new HttpInstrumentation();
}
