import { SpanKind } from '@opentelemetry/api';
import { beforeEach, describe, expect, test } from 'vitest';
import { traceHttp } from '../../../../packages/hono-opentelemetry/src/index.ts';
import { createApp } from '../../../../src/app.ts';
import type { DemoOptions } from '../../../../src/http/demo/demo-pages.ts';
import { TaskStoreUnavailableError } from '../../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';
import { type RecordedTelemetry, recordTelemetry } from '../../../support/recorded-telemetry.ts';
import { useContext } from '../../../support/use-context.ts';

useContext();

const DEMOS = ['slow-query', 'error', 'n-plus-one', 'burst'];

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

function createDemo(demo: DemoOptions | undefined = {}, store = createMemoryTaskStore()) {
  const trace = traceHttp({ ...telemetry, traceResponse: true });
  return createApp({ store, trace, demo });
}

const press = (app: ReturnType<typeof createApp>, name: string) =>
  app.request(`/demo/${name}`, { method: 'POST' });

describe('demoPages()', () => {
  test('adds a link to the footer of each page, if it is on', async () => {
    const foot = async (options: Parameters<typeof createApp>[0]) =>
      (await createApp(options).request('/')).text();
    expect(await foot({ store: createMemoryTaskStore(), demo: {} })).toContain(
      '<a href="/demo">Make a trace</a>',
    );
    expect(await foot({ store: createMemoryTaskStore() })).not.toContain('/demo');
  });

  test('has a button for each demonstration', async () => {
    const page = await (await createDemo().request('/demo')).text();
    const actions = page.matchAll(/<form method="post" action="\/demo\/([\w-]+)"><button>/g);
    expect([...actions].map(([, name]) => name)).toEqual(DEMOS);
  });

  test.each(DEMOS)('changes nothing on GET /demo/%s', async (name) => {
    const response = await createDemo().request(`/demo/${name}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test.each(DEMOS)('refuses requests of other sites to /demo/%s', async (name) => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const init = { method: 'POST', headers };
    expect((await createDemo().request(`/demo/${name}`, init)).status).toBe(403);
  });

  test.each(['n-plus-one', 'burst'])('explains after %s where to find its trace', async (name) => {
    const response = await press(createDemo(), name);
    expect(response.status).toBe(200);
    const page = await response.text();
    const span = telemetry.spans().find((each) => each.name === `POST /demo/${name}`);
    expect(page).toContain(`Trace <code>${span?.spanContext().traceId}</code>`);
    expect(page).toContain('action="/demo/burst"');
  });

  test('an error has a 500 page, and its exception in the span', async () => {
    const response = await press(createDemo(), 'error');
    expect(response.status).toBe(500);
    const page = await response.text();
    expect(page).not.toContain('Thrown on purpose');
    expect(page).toContain('the span of this request has the status ERROR');
    expect(page).toContain(`Trace <code>${telemetry.span().spanContext().traceId}</code>`);
    expect(telemetry.span().events[0]?.attributes).toMatchObject({
      'exception.message': expect.stringContaining('Thrown on purpose'),
    });
  });

  test('N+1 queries read the list, then each of up to 50 tasks', async () => {
    const store = createMemoryTaskStore();
    const read: number[] = [];
    for (let i = 0; i < 60; i++) await store.add({ title: 'milk' });
    const get = (id: number) => {
      read.push(id);
      return store.get(id);
    };
    const page = await (await press(createDemo({}, { ...store, get }), 'n-plus-one')).text();
    expect(read).toHaveLength(50);
    expect(page).toContain('51 statements');
  });

  test('reports that N+1 queries of an empty list read nothing', async () => {
    expect(await (await press(createDemo(), 'n-plus-one')).text()).toContain(
      'Add a few tasks first',
    );
  });

  test('an error of storage has the same page as elsewhere', async () => {
    const list = () => Promise.reject(new TaskStoreUnavailableError('locked'));
    const store = { ...createMemoryTaskStore(), list };
    const response = await press(createDemo({}, store), 'n-plus-one');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('Temporarily unavailable');
  });

  test('the link to /demo is on other pages only', async () => {
    expect(await (await createDemo().request('/demo')).text()).not.toContain('href="/demo"');
  });

  test('a burst is 20 requests below that of the button', async () => {
    await press(createDemo(), 'burst');
    const burst = telemetry.spans().find(({ name }) => name === 'POST /demo/burst');
    const below = telemetry
      .spans()
      .filter((span) => span.parentSpanContext?.spanId === burst?.spanContext().spanId);
    expect(below.map(({ name }) => name).sort()).toEqual([
      ...Array(10).fill('GET /'),
      ...Array(10).fill('GET /api/tasks'),
    ]);
    expect(new Set(below.map(({ kind }) => kind))).toEqual(new Set([SpanKind.INTERNAL]));
  });

  test('a slow query runs while the database is locked, one at a time', async () => {
    const locked: number[] = [];
    const removed: number[] = [];
    const store = createMemoryTaskStore();
    const app = createDemo(
      {
        async withWriteLock(millis, work) {
          locked.push(millis);
          await work();
        },
      },
      {
        ...store,
        async remove(id) {
          removed.push(id);
          return false;
        },
      },
    );
    const answers = await Promise.all([press(app, 'slow-query'), press(app, 'slow-query')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(locked).toEqual([1_000]);
    expect(removed).toEqual([0, 0]);
    expect((await press(app, 'slow-query')).status).toBe(200);
    expect(locked).toEqual([1_000, 1_000]);
  });

  test('a slow query of a database in memory explains why it is impossible', async () => {
    const response = await press(createDemo({}), 'slow-query');
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('An in-memory database');
  });
});

test.each(['', ...DEMOS.map((name) => `/${name}`)])(
  'createApp() has no /demo%s by default',
  async (path) => {
    const app = createApp({ store: createMemoryTaskStore() });
    for (const method of ['GET', 'POST', 'HEAD', 'PUT']) {
      expect((await app.request(`/demo${path}`, { method })).status).toBe(404);
    }
  },
);
