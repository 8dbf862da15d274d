// A span for each middleware and handler.
import process from 'node:process';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { tracedRouter } from 'hono-opentelemetry/router';
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry({ resource: { 'service.name': 'router' } });

const app = new Hono({ router: tracedRouter() });
app.use(traceHttp());
app.use(async function slowDown(_c, next) {
  await new Promise((resolve) => setTimeout(resolve, 20));
  await next();
});
app.get('/hello/:name', function sayHello(c) {
  return c.text(`Hello ${c.req.param('name')}\n`);
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, (info) => {
  process.stdout.write(`Listening on http://localhost:${info.port}\n`);
});
