import { trace } from '@opentelemetry/api';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-base';
import { Hono, type MiddlewareHandler } from 'hono';
import { getRouterName } from 'hono/dev';
import { HTTPException } from 'hono/http-exception';
import { PatternRouter } from 'hono/router/pattern-router';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { tracedRouter } from '../../packages/hono-opentelemetry/src/router/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();
let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

function createApp(options: Parameters<typeof tracedRouter>[0] = {}): Hono {
  return new Hono({ router: tracedRouter({ ...telemetry, ...options }) }).use(traceHttp(telemetry));
}

/** Returns the names of the spans, each indented below its parent. */
function tree(): string[] {
  const spans = telemetry.spans().toSorted((a, b) => compare(a.startTime, b.startTime));
  const below = (parent: string | undefined, depth: number): string[] =>
    spans
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .flatMap((span) => [
        '  '.repeat(depth) + span.name,
        ...below(span.spanContext().spanId, depth + 1),
      ]);
  return below(undefined, 0);
}

const compare = ([a, b]: [number, number], [c, d]: [number, number]) => a - c || b - d;

const authenticate: MiddlewareHandler = async function authenticate(_c, next) {
  await next();
};

describe('tracedRouter()', () => {
  test('nests the spans of middlewares and handlers as they await each other', async () => {
    const app = createApp();
    app.use(authenticate);
    app.use('/tasks/*', async (_c, next) => next());
    app.get('/tasks/:id', async function getTask(c) {
      return c.text(c.req.param('id'));
    });
    expect(await (await app.request('/tasks/7')).text()).toBe('7');
    expect(tree()).toEqual([
      'GET /tasks/:id',
      '  authenticate',
      '    middleware /tasks/*',
      '      getTask',
    ]);
    const handler = telemetry.spans().find(({ name }) => name === 'getTask');
    expect(handler?.attributes).toEqual({
      'code.function.name': 'getTask',
      'http.route': '/tasks/:id',
    });
  });

  test('records no spans for an excluded request, also within the span of other code', async () => {
    const app = new Hono({ router: tracedRouter(telemetry) });
    app.use(traceHttp({ ...telemetry, exclude: ['/healthz'] }));
    app.get('/healthz', (c) => c.text('ok'));
    await telemetry.tracerProvider.getTracer('other').startActiveSpan('other', async (span) => {
      expect((await app.request('/healthz')).status).toBe(200);
      span.end();
    });
    expect(tree()).toEqual(['other']);
  });

  test('names a handler without a name after its route', async () => {
    await createApp()
      .get('/tasks/:id', (c) => c.text('milk'))
      .request('/tasks/7');
    expect(tree()).toEqual(['GET /tasks/:id', '  handler /tasks/:id']);
  });

  test('includes sub-applications with their own error handlers, and mounted apps', async () => {
    const tasks = new Hono().get('/:id', function getTask(c) {
      return c.text(c.req.param('id'));
    });
    tasks.onError((_error, c) => c.text('no', 500));
    const shop = new Hono({ router: tracedRouter(telemetry) }).get('/items', function getItems(c) {
      return c.text('milk');
    });
    const app = createApp().route('/api/tasks', tasks).mount('/shop', shop.fetch);
    await app.request('/api/tasks/7');
    await app.request('/shop/items');
    expect(tree().map((line) => line.replace(/^( *)(handler|middleware) .*/, '$1$2'))).toEqual([
      'GET /api/tasks/:id',
      '  getTask',
      expect.stringMatching(/^GET/),
      '  handler',
      '    getItems',
    ]);
  });

  test.each([
    ['an exception', () => new RangeError('no'), 500, 'RangeError'],
    ['a 500', () => new HTTPException(500), 500, 'HTTPException'],
    ['a 404', () => new HTTPException(404), 404, undefined],
  ])('marks the span of a handler that throws %s', async (_what, create, status, type) => {
    const app = createApp().use(authenticate);
    app.get('/', async function fails() {
      throw create();
    });
    expect((await app.request('/')).status).toBe(status);
    const typeOf = (name: string) =>
      telemetry.spans().find((span) => span.name === name)?.attributes['error.type'];
    expect(typeOf('fails')).toBe(type);
    expect(typeOf('authenticate')).toBeUndefined();
    const events = telemetry.spans().map(({ name, events }) => [name, events.length]);
    expect(events.filter(([, count]) => count !== 0)).toEqual(status === 500 ? [['GET /', 1]] : []);
  });

  test('ends the spans of a value that is thrown through middlewares', async () => {
    const app = createApp().use(authenticate);
    app.get('/', function fails() {
      throw 'no';
    });
    await expect(async () => app.request('/')).rejects.toBe('no');
    expect(telemetry.spans().map(({ attributes }) => attributes['error.type'])).toEqual([
      'string',
      'string',
      'string',
    ]);
  });

  test('does not change synchronous responses and promises of handlers', async () => {
    const router = tracedRouter(telemetry);
    const app = new Hono({ router }).get('/', (c) => c.text('milk'));
    expect(app.request('/')).toBeInstanceOf(Response);
    expect(telemetry.spans()).toEqual([]);
  });

  test('runs handlers in the context of their span', async () => {
    let active: unknown;
    const app = createApp().get('/', function show(c) {
      active = trace.getActiveSpan()?.spanContext().spanId;
      return c.text('');
    });
    await app.request('/');
    const span = telemetry.spans().find(({ name }) => name === 'show');
    expect(active).toBe(span?.spanContext().spanId);
  });

  test('records no spans outside of a traced or sampled request', async () => {
    const bare = new Hono({ router: tracedRouter(telemetry) }).get('/', (c) => c.text(''));
    await bare.request('/');
    expect(telemetry.spans()).toEqual([]);
    telemetry = recordTelemetry(new AlwaysOffSampler());
    await createApp()
      .get('/', (c) => c.text(''))
      .request('/');
    expect(telemetry.spans()).toEqual([]);
  });

  test('does not change the route, its handler and the name of the router', async () => {
    const handler = (c: { text(text: string): Response }) => c.text('');
    const app = createApp().get('/tasks/:id', handler);
    const plain = new Hono().get('/tasks/:id', handler);
    expect(app.routes.at(-1)?.handler).toBe(handler);
    await app.request('/tasks/7');
    expect(telemetry.spans().at(-1)?.attributes['http.route']).toBe('/tasks/:id');
    expect(getRouterName(app)).toBe(getRouterName(plain));
  });

  test('accepts another router', async () => {
    const app = createApp({ router: new PatternRouter() }).get('/a/:b', (c) => c.text('milk'));
    expect(getRouterName(app)).toBe('PatternRouter');
    expect((await app.request('/a/1')).status).toBe(200);
    expect(tree()).toEqual(['GET /a/:b', '  handler /a/:b']);
  });

  test('finds the same handlers as the wrapped router for 5,000 routes', async () => {
    const apps = [createApp(), new Hono()];
    for (const app of apps) {
      for (let i = 0; i < 5_000; i++) app.get(`/r${i}`, (c) => c.text(`${i}`));
    }
    for (const path of ['/r0', '/r4999', '/r5000']) {
      const [traced, plain] = await Promise.all(apps.map(async (app) => app.request(path)));
      expect([traced?.status, await traced?.text()]).toEqual([plain?.status, await plain?.text()]);
    }
  });
});
