import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { root } from '../support/app-command.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

const folder = mkdtempSync(join(tmpdir(), 'hono-copy-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an app with another copy of Hono has routes, statuses and errors', async () => {
  cpSync(join(root, 'node_modules/hono'), folder, { recursive: true });
  const url = pathToFileURL(join(folder, 'dist/index.js')).href;
  const { Hono }: typeof import('hono') = await import(url);
  const telemetry = recordTelemetry();
  const tasks = new Hono().use(traceHttp(telemetry)).get('/:id', (c) => c.text('milk'));
  const app = new Hono().use(traceHttp(telemetry)).mount('/tasks', tasks.fetch);
  app.get('/error', () => {
    throw new RangeError('of the app');
  });
  app.onError((error, c) => c.text(error.message, 500));

  await app.request('/tasks/7');
  await app.request('/error');
  expect(telemetry.spans().map(({ name, attributes }) => [name, attributes])).toEqual([
    ['GET /tasks/:id', expect.objectContaining({ 'http.response.status_code': 200 })],
    ['GET /error', expect.objectContaining({ 'error.type': 'RangeError' })],
  ]);
});
