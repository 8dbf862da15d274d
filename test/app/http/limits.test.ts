import { expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Posts without a length, in chunks of 1 kB. */
function postChunked(app: ReturnType<typeof createApp>, chunks: number, failure?: Error) {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent === chunks) return failure ? controller.error(failure) : controller.close();
      sent++;
      controller.enqueue(new TextEncoder().encode('x'.repeat(1024)));
    },
  });
  const init = { method: 'POST', headers: FORM, body, duplex: 'half' };
  return app.request('/add', init);
}

test('bodyLimit() refuses a declared body over 64 kB with 413', async () => {
  const app = createApp({ store: createMemoryTaskStore() });
  const headers = { 'Content-Length': '1000000' };
  const response = await postForm(app, '/add', { task: 'x'.repeat(1_000_000) }, headers);
  expect(response.status).toBe(413);
  expect(await response.text()).toContain('up to 64 kB');
});

test('bodyLimit() refuses a streamed body over 64 kB with 413', async () => {
  const app = createApp({ store: createMemoryTaskStore() });
  expect((await postChunked(app, 65)).status).toBe(413);
});

test('bodyLimit() accepts exactly 64 kB, declared or streamed', async () => {
  const app = createApp({ store: createMemoryTaskStore() });
  const body = `task=${'x'.repeat(64 * 1024 - 5)}`;
  const headers = { ...FORM, 'Content-Length': String(body.length) };
  expect((await app.request('/add', { method: 'POST', headers, body })).status).toBe(422);
  expect((await postChunked(app, 64)).status).toBe(422);
});

test('bodyLimit() passes on a streamed form completely', async () => {
  const store = createMemoryTaskStore();
  const app = createApp({ store });
  const body = new Blob(['task=', 'mi', 'lk']).stream();
  const init = { method: 'POST', headers: FORM, body, duplex: 'half' };
  expect((await app.request('/add', init)).status).toBe(303);
  expect((await store.list()).map((task) => task.title)).toEqual(['milk']);
});

test('bodyLimit() answers an incomplete body with 400', async () => {
  const app = createApp({ store: createMemoryTaskStore() });
  expect((await postChunked(app, 2, new Error('connection reset'))).status).toBe(400);
});

test('headerLimit() refuses more than 16 kB of headers in total with 431', async () => {
  const app = createApp({ store: createMemoryTaskStore(), limitHeaderSize: true });
  const headers = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`x-filler-${i}`, 'x'.repeat(1000)]),
  );
  expect((await app.request('/', { headers })).status).toBe(431);
  expect((await app.request('/', { headers: { 'x-filler': 'x'.repeat(15_000) } })).status).toBe(
    200,
  );
});

test('createApp() leaves the size of headers to the server by default', async () => {
  const app = createApp({ store: createMemoryTaskStore() });
  const headers = { 'x-filler': 'x'.repeat(20_000) };
  expect((await app.request('/', { headers })).status).toBe(200);
});

test('headerLimit() refuses an address over 16 kB with 414', async () => {
  const app = createApp({ store: createMemoryTaskStore(), limitHeaderSize: true });
  const response = await app.request(`/api/tasks?${'x'.repeat(16 * 1024)}`);
  expect(response.status).toBe(414);
  expect(await response.json()).toMatchObject({ title: 'URI Too Long', status: 414 });
});
