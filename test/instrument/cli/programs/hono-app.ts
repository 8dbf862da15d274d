// A bare Hono app with one line of the kit. It prints its port, and ends by a signal.

import process from 'node:process';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';

const app = new Hono();
app.use(traceHttp());
app.get('/tasks/:id', (c) => c.text('milk'));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`${port}\n`);
});
