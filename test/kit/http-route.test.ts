import { trace } from '@opentelemetry/api';
import { Hono, type MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { every } from 'hono/combine';
import { HTTPException } from 'hono/http-exception';
import { mount } from 'hono/mount';
import { PatternRouter } from 'hono/router/pattern-router';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import { TrieRouter } from 'hono/router/trie-router';
import { beforeEach, describe, expect, test } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

let telemetry: RecordedTelemetry;
let app: Hono;
beforeEach(() => {
  telemetry = recordTelemetry();
  app = new Hono();
  app.use(traceHttp(telemetry));
});

/** Returns the name and the route of the only span of a request. */
async function routed(path: string, init?: RequestInit) {
  await app.request(path, init);
  const { name, attributes } = telemetry.span();
  return { name, route: attributes['http.route'] };
}

const refuse: MiddlewareHandler = async function refuse(c, _next) {
  return c.text('no', 401);
};

describe('http.route', () => {
  test('is the path of the handler', async () => {
    app.get('/tasks/:id{[0-9]+}', (c) => c.text('milk'));
    expect(await routed('/tasks/1')).toEqual({
      name: 'GET /tasks/:id{[0-9]+}',
      route: '/tasks/:id{[0-9]+}',
    });
  });

  test('is /* for a handler for all methods and paths', async () => {
    app.all('*', (c) => c.text('anything'));
    expect(await routed('/a/b')).toEqual({ name: 'GET /*', route: '/*' });
  });

  test('is the path of the handler when a middleware responds instead', async () => {
    app.use('/api/*', refuse);
    app.get('/api/tasks/:id', (c) => c.text('milk'));
    expect(await routed('/api/tasks/1')).toEqual({
      name: 'GET /api/tasks/:id',
      route: '/api/tasks/:id',
    });
  });

  test.each<[string, MiddlewareHandler]>([
    ['bearerAuth()', bearerAuth({ token: 'a' })],
    ['every(bearerAuth())', every(bearerAuth({ token: 'a' }))],
  ])("is the path of the handler when Hono's %s responds instead", async (_name, middleware) => {
    app.use('/api/*', middleware);
    app.get('/api/tasks', (c) => c.text('milk'));
    expect(await routed('/api/tasks')).toEqual({ name: 'GET /api/tasks', route: '/api/tasks' });
  });

  test("is the path of the handler when the route's own middleware responds instead", async () => {
    app.post('/tasks', refuse, (c) => c.text('milk'));
    expect(await routed('/tasks', { method: 'POST' })).toMatchObject({ route: '/tasks' });
  });

  test('is the path of a handler that takes next and does not call it', async () => {
    app.get('/tasks', async (c, _next) => c.text('milk'));
    expect(await routed('/tasks')).toMatchObject({ route: '/tasks' });
  });

  test('is the path of a handler that takes next, with a later handler for all paths', async () => {
    app.get('/tasks', async (c, _next) => c.text('milk'));
    app.get('*', (c) => c.text('anything'));
    expect(await routed('/tasks')).toMatchObject({ route: '/tasks' });
  });

  test('is the path of the handler after a middleware for some methods', async () => {
    app.on(['POST', 'PUT'], '*', refuse);
    app.post('/tasks', (c) => c.text('milk'));
    expect(await routed('/tasks', { method: 'POST' })).toMatchObject({ route: '/tasks' });
  });

  test('is the path of a handler that throws', async () => {
    app.get('/tasks', () => {
      throw new HTTPException(503);
    });
    expect(await routed('/tasks')).toMatchObject({ route: '/tasks' });
  });

  test('is the path of the second handler when the first one calls next', async () => {
    app.get('/tasks/*', (_c, next) => next());
    app.get('/tasks/:id', (c) => c.text('milk'));
    expect(await routed('/tasks/1')).toMatchObject({ route: '/tasks/:id' });
  });

  test('includes the base path', async () => {
    app.basePath('/v1').get('/tasks/:id', (c) => c.text('milk'));
    expect(await routed('/v1/tasks/1')).toMatchObject({ route: '/v1/tasks/:id' });
  });

  test.each([
    ['without', new Hono()],
    ['with', new Hono().onError((_error, c) => c.text('own', 500))],
  ])('includes the path of a sub-application %s its own error handler', async (_with, sub) => {
    sub.use('*', (_c, next) => next());
    sub.get('/tasks/:id', (c) => c.text('milk'));
    app.route('/m', sub);
    expect(await routed('/m/tasks/1')).toMatchObject({ route: '/m/tasks/:id' });
  });

  test('is the path of the handler when the middleware of a sub-application responds instead', async () => {
    const sub = new Hono().onError((_error, c) => c.text('own', 500));
    sub.use('*', refuse);
    sub.get('/tasks', (c) => c.text('milk'));
    app.route('/m', sub);
    expect(await routed('/m/tasks')).toMatchObject({ route: '/m/tasks' });
  });

  test.each([
    ['RegExpRouter', () => new Hono({ router: new RegExpRouter() })],
    ['TrieRouter', () => new Hono({ router: new TrieRouter() })],
    ['PatternRouter', () => new Hono({ router: new PatternRouter() })],
  ])('is the path of the handler under %s', async (_name, create) => {
    app = create();
    app.use(traceHttp(telemetry));
    app.use('/api/*', refuse);
    app.get('/api/:id', (c) => c.text('milk'));
    expect(await routed('/api/1')).toMatchObject({ route: '/api/:id' });
  });

  test('keeps a value that the handler has set, also in the name and the metric', async () => {
    app.get('/rpc/:name', (c) => {
      trace.getActiveSpan()?.setAttribute('http.route', '/rpc/tasks.list');
      return c.text('milk');
    });
    expect(await routed('/rpc/x')).toEqual({
      name: 'GET /rpc/tasks.list',
      route: '/rpc/tasks.list',
    });
    const [point] = await telemetry.points('http.server.request.duration');
    expect(point?.attributes['http.route']).toBe('/rpc/tasks.list');
  });
});

describe('a span without http.route', () => {
  const bare = { name: 'GET', route: undefined };

  test('http.route is absent when nothing matches', async () => {
    expect(await routed('/nowhere')).toEqual(bare);
    expect(telemetry.span().attributes['http.response.status_code']).toBe(404);
  });

  test('http.route is absent when only middlewares match', async () => {
    app.use('/api/*', refuse);
    expect(await routed('/api/nowhere')).toEqual(bare);
  });

  test('http.route is absent when only middlewares for some methods match', async () => {
    app.on(['POST'], '*', refuse);
    expect(await routed('/nowhere', { method: 'POST' })).toEqual({ ...bare, name: 'POST' });
  });

  test.each<[string, () => void]>([
    ['app.mount()', () => app.mount('/m', () => new Response('mounted'))],
    [
      'app.all() with mount()',
      () =>
        app.all(
          '/m/*',
          mount(() => new Response('mounted')),
        ),
    ],
  ])('http.route is absent when %s responds', async (_name, register) => {
    register();
    expect(await routed('/m/tasks/1')).toEqual(bare);
  });
});
