import process from 'node:process';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';

const app = new Hono();
app.use(traceHttp());
app.get('/hello/:name', (c) => c.text(`Hello ${c.req.param('name')}\n`));

const port = Number(process.env.PORT ?? 3000);
serve({ fetch: app.fetch, port }, (info) => {
  process.stdout.write(`Listening on http://localhost:${info.port}\n`);
});
