// A traced app. Traces and logs appear on stderr, or at OTEL_EXPORTER_OTLP_ENDPOINT.
import process from 'node:process';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { startTelemetry } from 'opentelemetry-instrument';

const telemetry = await startTelemetry({ resource: { 'service.name': 'minimal' } });

const app = new Hono();
app.use(traceHttp());
app.get('/hello/:name', (c) => c.text(`Hello ${c.req.param('name')}\n`));

const port = Number(process.env.PORT ?? 3000);
const server = serve({ fetch: app.fetch, port }, (info) => {
  process.stdout.write(`Listening on http://localhost:${info.port}\n`);
});

process.once('SIGTERM', () => {
  server.close(() => void telemetry.shutdown());
});
