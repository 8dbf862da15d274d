import { context, type SpanContext, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { TaskStoreUnavailableError } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { postForm } from '../../support/post-form.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_CONTEXT: SpanContext = { traceId: TRACE_ID, spanId: '00f067aa0ba902b7', traceFlags: 1 };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

function underSpan(spanContext: SpanContext): MiddlewareHandler {
  return (_c, next) =>
    context.with(trace.setSpan(context.active(), trace.wrapSpanContext(spanContext)), next);
}

function createAppThatThrows(thrown: unknown, spanContext = SPAN_CONTEXT) {
  const store = {
    ...createMemoryTaskStore(),
    list: async () => {
      throw thrown;
    },
  };
  return createApp({ store, trace: underSpan(spanContext) });
}

describe('a failure of the server', () => {
  test.each([
    ['an Error', new Error('SECRET')],
    ['an error that wraps another', new TypeError('SECRET', { cause: new Error('SECRET') })],
    ['a string', 'SECRET'],
    ['null', null],
    ['an HTTPException of 500', new HTTPException(500, { message: 'SECRET' })],
  ])('thrown as %s is a 500 page with the trace ID and without its message', async (_, thrown) => {
    const response = await createAppThatThrows(thrown).request('/');
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).toContain(`<code>${TRACE_ID}</code>`);
    expect(html).not.toContain('SECRET');
    expect(html).not.toMatch(/\bat .*[:(]\d+/);
  });

  test('leaves the app alive', async () => {
    const app = createAppThatThrows('once');
    await app.request('/');
    expect((await app.request('/healthz')).status).toBe(200);
  });

  test('a busy store gets a 503 page with the time to wait', async () => {
    const response = await createAppThatThrows(new TaskStoreUnavailableError('SECRET')).request(
      '/',
    );
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.text()).not.toContain('SECRET');
  });
});

test('a thrown HTTPException of 4xx keeps its status and loses its message', async () => {
  const response = await createAppThatThrows(new HTTPException(418, { message: 'SECRET' })).request(
    '/',
  );
  expect(response.status).toBe(418);
  expect(await response.text()).not.toContain('SECRET');
});

describe('a 404', () => {
  test('is a page with the trace ID', async () => {
    const response = await createAppThatThrows(null).request('/no/such/page');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(`<code>${TRACE_ID}</code>`);
  });

  test('shows no trace ID without a valid span context', async () => {
    const invalid = { ...SPAN_CONTEXT, traceId: '0'.repeat(32) };
    const pages = await Promise.all([
      createAppThatThrows(null, invalid).request('/nix'),
      createApp({ store: createMemoryTaskStore() }).request('/nix'),
    ]);
    for (const page of pages) {
      expect(page.status).toBe(404);
      expect(await page.text()).not.toContain('Trace');
    }
  });

  test.each([
    '/debug',
    '/.env',
    '/api/debug',
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/style.css/..%2f..%2fapp.ts',
    '/%E0%A4%A',
    '/add/',
  ])('answers GET %s', async (path) => {
    const app = createApp({ store: createMemoryTaskStore() });
    expect((await app.request(path)).status).toBe(404);
  });
});

describe('a 405', () => {
  test.each([
    ['PUT', '/', 'GET, HEAD'],
    ['OPTIONS', '/', 'GET, HEAD'],
    ['PROPFIND', '/', 'GET, HEAD'],
    ['GET', '/add', 'POST'],
    ['HEAD', '/delete/1', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['DELETE', '/readyz', 'GET, HEAD'],
    ['POST', '/style.css', 'GET, HEAD'],
    ['POST', '/favicon.ico', 'GET, HEAD'],
  ])('answers %s %s and allows %s', async (method, path, allow) => {
    const app = createApp({ store: createMemoryTaskStore() });
    const response = await app.request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
  });

  test.each(['TRACE', 'CONNECT'])('a 405 or 404 answers %s, and echoes nothing', async (method) => {
    const app = createApp({ store: createMemoryTaskStore() });
    const send = (path: string) => {
      const request = new Request(`http://localhost${path}`, { headers: { 'X-Echo': 'SECRET' } });
      // The constructor refuses these methods, but a server can hand them on.
      Object.defineProperty(request, 'method', { value: method });
      return app.fetch(request, {});
    };
    const [known, unknown] = await Promise.all([send('/'), send('/nix')]);
    expect([known.status, unknown.status]).toEqual([405, 404]);
    expect(await known.text()).not.toContain('SECRET');
  });
});

test('the store fails after a post: 500, and the answer names no title', async () => {
  const store = {
    ...createMemoryTaskStore(),
    add: async () => {
      throw new Error('insert failed: params: buy SECRET');
    },
  };
  const response = await postForm(createApp({ store }), '/add', { task: 'buy SECRET' });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('SECRET');
});
