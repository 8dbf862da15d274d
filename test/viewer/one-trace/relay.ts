// A traced server that sends each request on to TARGET, on the runtime that runs it.
import process from 'node:process';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { Hono } from 'hono';
import { traceHttp } from '../../../packages/hono-opentelemetry/src/index.ts';
import { startTelemetry } from '../../../packages/opentelemetry-instrument/src/index.ts';
import { loadRuntime } from '../../../runtimes/index.ts';

await startTelemetry();
const app = new Hono();
app.use(traceHttp({ traceResponse: false }));
app.get('*', (c) => {
  const { pathname, search } = new URL(c.req.url);
  const url = `${process.env.TARGET}${pathname}${search}`;
  const tracer = trace.getTracer('relay');
  const attributes = { 'http.request.method': 'GET', 'url.full': url };
  return tracer.startActiveSpan('GET', { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    const response = await fetch(url, { headers });
    const body = await response.text();
    span.end();
    // The page continues the trace that Server-Timing names.
    for (const name of ['Content-Type', 'Server-Timing']) {
      c.header(name, response.headers.get(name) ?? undefined);
    }
    return c.body(body);
  });
});
const runtime = await loadRuntime();
const server = await runtime.serve(app.fetch, { hostname: '127.0.0.1', port: 0 });
process.stderr.write(`Listening on http://127.0.0.1:${server.port}\n`);
