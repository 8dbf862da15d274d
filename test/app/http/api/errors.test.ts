import { describe, expect, test } from 'vitest';
import { traceHttp } from '../../../../packages/hono-opentelemetry/src/index.ts';
import { createApp } from '../../../../src/app.ts';
import { TaskStoreUnavailableError } from '../../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';
import { recordTelemetry } from '../../../support/recorded-telemetry.ts';
import { useContext } from '../../../support/use-context.ts';

useContext();

function createTracedApp(failure?: unknown) {
  const telemetry = recordTelemetry();
  const fail = async () => {
    throw failure;
  };
  const memory = createMemoryTaskStore();
  const store = failure === undefined ? memory : { ...memory, list: fail, add: fail };
  const app = createApp({ store, trace: traceHttp(telemetry), limitHeaderSize: true });
  return { app, telemetry };
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const large = JSON.stringify({ title: 'x'.repeat(70_000) });

const CASES: [number, string, string, RequestInit, unknown?][] = [
  [404, 'nothing is there', '/api/nothing', {}],
  [404, 'there is no such task', '/api/tasks/7', {}],
  [405, 'the method is not there', '/api/tasks', { method: 'PUT' }],
  [
    403,
    'another site sends',
    '/api/tasks',
    { method: 'POST', headers: { Origin: 'https://evil.example' } },
  ],
  [413, 'the body is large', '/api/tasks', { method: 'POST', headers: JSON_TYPE, body: large }],
  [415, 'the body is a form', '/api/tasks', { method: 'POST', body: 'task=SECRET' }],
  [
    422,
    'a field is not valid',
    '/api/tasks',
    { method: 'POST', headers: JSON_TYPE, body: '{"title":["SECRET"]}' },
  ],
  [431, 'the headers are large', '/api/tasks', { headers: { 'X-Filler': 'x'.repeat(20_000) } }],
  [500, 'the store throws', '/api/tasks', {}, new Error('SECRET')],
  [500, 'the store throws a text', '/api/tasks', {}, 'SECRET'],
  [503, 'the store is busy', '/api/tasks', {}, new TaskStoreUnavailableError('SECRET')],
];

describe('an error of the API', () => {
  test.each(CASES)(
    'is a %i as problem details where %s',
    async (status, _, path, init, failure) => {
      const { app, telemetry } = createTracedApp(failure);
      const response = await app.request(path, init);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('retry-after')).toBe(status === 503 ? '2' : null);
      const text = await response.text();
      expect(text).not.toContain('SECRET');
      expect(JSON.parse(text)).toMatchObject({
        type: 'about:blank',
        title: expect.stringMatching(/^[A-Z]/),
        status,
        detail: expect.stringMatching(/\.$/),
        trace_id: telemetry.span().spanContext().traceId,
      });
    },
  );

  test('has no trace id where nothing is traced', async () => {
    const app = createApp({ store: createMemoryTaskStore() });
    expect(await (await app.request('/api')).json()).not.toHaveProperty('trace_id');
  });

  test.each(['/apis', '/API/tasks', '/'])('is a page at %s, outside of the API', async (path) => {
    const app = createApp({ store: createMemoryTaskStore() });
    const response = await app.request(path, { method: 'PUT' });
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  });
});

describe('the span of a request', () => {
  const send = async (method: string, path: string, failure?: unknown, init: RequestInit = {}) => {
    const { app, telemetry } = createTracedApp(failure);
    await app.request(path, { method, ...init });
    const { name, status, attributes } = telemetry.span();
    return { name, route: attributes['http.route'], status: status.code };
  };
  const UNSET = 0;
  const ERROR = 2;

  test.each([
    ['GET', '/api/tasks', '/api/tasks'],
    ['GET', '/api/tasks?limit=0', '/api/tasks'],
    ['POST', '/api/tasks', '/api/tasks'],
    ['PUT', '/api/tasks', '/api/tasks'],
    ['GET', '/api/tasks/7', '/api/tasks/:id'],
    ['PATCH', '/api/tasks/abc', '/api/tasks/:id'],
    ['DELETE', '/api/tasks/7', '/api/tasks/:id'],
    ['GET', '/api/openapi.json', '/api/openapi.json'],
  ])(
    'the span of %s %s has the route %s and no error, whatever a client does wrong',
    async (method, path, route) => {
      expect(await send(method, path)).toEqual({
        name: `${method} ${route}`,
        route,
        status: UNSET,
      });
    },
  );

  test('the span of a request without a route has no route', async () => {
    expect(await send('GET', '/api/nothing')).toEqual({
      name: 'GET',
      route: undefined,
      status: UNSET,
    });
  });

  test('the span of a server error has the status ERROR', async () => {
    expect((await send('GET', '/api/tasks', new Error('no'))).status).toBe(ERROR);
  });
});
