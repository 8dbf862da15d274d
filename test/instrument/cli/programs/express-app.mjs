// An Express app that is instrumented with the API alone. It prints its port, and ends by a signal.
import process from 'node:process';
import { SpanKind, trace } from '@opentelemetry/api';
import express from 'express';

const tracer = trace.getTracer('shop');
const app = express();
app.get('/tasks/:id', (_, response) => {
  tracer.startActiveSpan('GET /tasks/:id', { kind: SpanKind.SERVER }, (span) => {
    tracer.startSpan('find task').end();
    response.send('milk');
    span.end();
  });
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${server.address().port}\n`);
});
