// Tests what a request records. Run it with `npm test`, `npm run test:bun` or `npm run test:deno`; for Vitest, import its
// own `test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { tracedRouter } from 'hono-opentelemetry/router';
import { recordTraces } from 'hono-opentelemetry/testing';

const app = new Hono({ router: tracedRouter() }).use(traceHttp());
app.get('/tasks/:id', function getTask(c) {
  return c.text('milk');
});

test('GET /tasks/:id runs one handler', async () => {
  using traces = recordTraces();
  await app.request('/tasks/7');
  assert.equal(traces.tree(), 'GET /tasks/:id 200\n  getTask');
});
