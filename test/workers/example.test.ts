import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { type StartedWorker, startWorker } from '../support/start-worker.ts';

let received: string | undefined;
const stock = createServer((request, response) => {
  received = request.headers.traceparent as string;
  response.end('4 left');
});
let worker: StartedWorker;

beforeAll(async () => {
  await new Promise<void>((resolve) => stock.listen(0, '127.0.0.1', resolve));
  worker = await startWorker({
    entry: join(root, 'examples/workers/app.ts'),
    env: { STOCK_URL: `http://127.0.0.1:${(stock.address() as AddressInfo).port}` },
  });
  await worker.database.prepare('CREATE TABLE items (name TEXT)').run();
  await worker.database.prepare("INSERT INTO items VALUES ('milk')").run();
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  stock.close();
});

test('examples/workers traces a request and its D1 statement', async () => {
  const { url, sink } = worker;
  expect(await (await fetch(`${url}/items`)).json()).toEqual([{ name: 'milk' }]);
  await sink.waitFor(({ spans }) => spans.some(({ name }) => name === 'GET /items'));
  const server = sink.spans.find(({ name }) => name === 'GET /items');
  expect(server).toMatchObject({
    kind: 2,
    resource: { 'service.name': 'shop', 'process.runtime.name': 'workerd' },
    attributes: { 'http.route': '/items', 'client.address': '127.0.0.1' },
  });
  expect(sink.spans.find(({ name }) => name === 'SELECT items')).toMatchObject({
    kind: 3,
    traceId: server?.traceId,
    parentSpanId: server?.spanId,
    attributes: { 'db.system.name': 'sqlite', 'db.query.text': 'SELECT name FROM items' },
  });
});

test('examples/workers passes the trace on with fetch()', async () => {
  const { url, sink } = worker;
  expect(await (await fetch(`${url}/items/milk`)).json()).toEqual({
    inStock: true,
    detail: '4 left',
  });
  await sink.waitFor(({ spans }) => spans.some(({ name }) => name === 'GET /items/:item'));
  const client = sink.spans.find(({ name }) => name === 'GET /stock/:item');
  expect(received).toBe(`00-${client?.traceId}-${client?.spanId}-01`);
  expect(client?.parentSpanId).toBe(
    sink.spans.find(({ name }) => name === 'GET /items/:item')?.spanId,
  );
});

test('examples/workers traces its cron trigger as a job', async () => {
  const { sink } = worker;
  await worker.trigger();
  await sink.waitFor(({ spans }) => spans.some(({ name }) => name === 'count-items'));
  const job = sink.spans.find(({ name }) => name === 'count-items');
  expect(job).toMatchObject({ kind: 1, parentSpanId: '' });
  expect(sink.spans.find(({ traceId, kind }) => traceId === job?.traceId && kind === 3)?.name).toBe(
    'SELECT items',
  );
});
