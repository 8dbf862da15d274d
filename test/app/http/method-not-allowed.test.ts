import { expect, test } from 'vitest';
import { traceHttp } from '../../../packages/hono-opentelemetry/src/index.ts';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';

test.each([
  ['PUT', '/', '/', 'GET, HEAD'],
  ['GET', '/delete/1', '/delete/:id', 'POST'],
  ['PUT', '/edit/1', '/edit/:id', 'GET, HEAD, POST'],
  ['PUT', '/api/tasks/1', '/api/tasks/:id', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
])('methodNotAllowed() refuses %s %s and keeps the route', async (method, path, route, allow) => {
  const telemetry = recordTelemetry();
  const app = createApp({ store: createMemoryTaskStore(), trace: traceHttp(telemetry) });
  const response = await app.request(path, { method });
  expect([response.status, response.headers.get('Allow')]).toEqual([405, allow]);
  expect(telemetry.span().name).toBe(`${method} ${route}`);
  expect(telemetry.span().attributes['http.route']).toBe(route);
});
