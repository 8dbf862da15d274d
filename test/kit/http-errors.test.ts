import { runInNewContext } from 'node:vm';
import { SpanStatusCode } from '@opentelemetry/api';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type TraceHttpOptions, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
  // Hono's own error handler prints errors.
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

class StorageError extends Error {}

function createApp(
  handler: () => Response | Promise<Response>,
  options: TraceHttpOptions = {},
): Hono {
  const app = new Hono();
  app.use(traceHttp({ ...telemetry, ...options }));
  app.get('/', handler);
  return app;
}

function thrower(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

/** Returns the outcome of a request, on which span and metric agree. */
async function outcome() {
  const { status, attributes, events } = telemetry.span();
  const [point, ...more] = await telemetry.points('http.server.request.duration');
  expect(more).toEqual([]);
  expect(point?.attributes['error.type']).toBe(attributes['error.type']);
  expect(point?.attributes['http.response.status_code']).toBe(
    attributes['http.response.status_code'],
  );
  return {
    isError: status.code === SpanStatusCode.ERROR,
    statusCode: attributes['http.response.status_code'],
    type: attributes['error.type'],
    exceptions: events.map(({ attributes }) => attributes?.['exception.type']),
  };
}

test('a request whose client has left ends where a response has no "closed", as on Deno', async () => {
  const outgoing = {
    destroyed: true,
    headersSent: false,
    writableFinished: false,
    setHeader() {},
    once() {},
  };
  const env = { incoming: { headers: {}, httpVersion: '1.1', socket: {} }, outgoing };
  await createApp(() => new Response('milk')).request('/', {}, env);
  expect(await outcome()).toMatchObject({ type: 'client_disconnected' });
});

describe('a span that is not an error', () => {
  test.each([
    ['a returned 404', () => new Response('', { status: 404 }), 404],
    ['a returned 499', () => new Response('', { status: 499 }), 499],
    ['a thrown 401', thrower(new HTTPException(401)), 401],
    [
      'a thrown 422 with a response',
      thrower(new HTTPException(422, { res: new Response('', { status: 422 }) })),
      422,
    ],
  ])('the status is unset after %s', async (_name, handler, statusCode) => {
    await createApp(handler).request('/');
    expect(await outcome()).toEqual({
      isError: false,
      statusCode,
      type: undefined,
      exceptions: [],
    });
  });

  test('the status is unset after a 404 thrown by notFound()', async () => {
    const app = createApp(thrower('never')).notFound(thrower(new HTTPException(404)));
    expect((await app.request('/nowhere')).status).toBe(404);
    expect(await outcome()).toMatchObject({ isError: false, statusCode: 404, exceptions: [] });
  });

  test('the status is unset after an error that onError() answers with less than 500', async () => {
    const app = createApp(thrower(new Error('no'))).onError((_error, c) => c.text('retry', 409));
    await app.request('/');
    expect(await outcome()).toMatchObject({ isError: false, statusCode: 409, type: undefined });
  });
});

describe('a span with an error', () => {
  test('error.type is the status of a returned 503', async () => {
    await createApp(() => new Response('', { status: 503 })).request('/');
    expect(await outcome()).toEqual({
      isError: true,
      statusCode: 503,
      type: '503',
      exceptions: [],
    });
    expect(telemetry.span().status.message).toBeUndefined();
  });

  test.each([
    ['Error', new Error('no')],
    ['TypeError', new TypeError('no')],
    ['StorageError', new StorageError('no')],
    ['AbortError', new DOMException('no', 'AbortError')],
    ['TimeoutError', new DOMException('no', 'TimeoutError')],
  ])('error.type is the class of a thrown %s', async (type, thrown) => {
    await createApp(thrower(thrown)).request('/');
    expect(await outcome()).toEqual({ isError: true, statusCode: 500, type, exceptions: [type] });
  });

  test('a thrown 503 is an error with its exception', async () => {
    await createApp(thrower(new HTTPException(503))).request('/');
    const type = 'HTTPException';
    expect(await outcome()).toEqual({ isError: true, statusCode: 503, type, exceptions: [type] });
  });

  test.each([
    ['string', 'no'],
    ['null', null],
    ['undefined', undefined],
    ['object', { no: 1 }],
  ])('a thrown %s, which Hono passes on to the server, is an error', async (type, thrown) => {
    const answer = Promise.resolve(createApp(thrower(thrown)).request('/'));
    expect(await answer.catch((error: unknown) => ({ error }))).toEqual({ error: thrown });
    const statusCode = 500;
    expect(await outcome()).toEqual({ isError: true, statusCode, type, exceptions: [type] });
  });

  test('error.type is the class of an error from another realm', async () => {
    const thrown: unknown = runInNewContext('new RangeError("no")');
    const answer = Promise.resolve(createApp(thrower(thrown)).request('/'));
    await answer.catch(() => {});
    const type = 'RangeError';
    expect(await outcome()).toMatchObject({ isError: true, type, exceptions: [type] });
  });

  test.each<[string, TraceHttpOptions]>([
    ['a traced', {}],
    ['an excluded', { exclude: () => true }],
  ])(
    'Hono responds with its own 500 if the handler of %s request returns nothing',
    async (_, options) => {
      const app = createApp((() => {}) as () => Response, options);
      const onError = vi.fn((error: Error) => new Response(error.message, { status: 500 }));
      const response = await app.onError(onError).request('/');
      expect(response.status).toBe(500);
      expect(onError).toHaveBeenCalledOnce();
      expect(await response.text()).toContain('Context is not finalized');
      if (!options.exclude) {
        expect(await outcome()).toMatchObject({ isError: true, statusCode: 500, type: '500' });
      }
    },
  );

  test.each([
    ['Response.error()', Response.error()],
    ['a value that is not a response', 'milk' as unknown as Response],
  ])('traceHttp() records a 500 for %s, which no server can send', async (_, returned) => {
    await createApp(() => returned).request('/');
    const type = '500';
    expect(await outcome()).toEqual({ isError: true, statusCode: 500, type, exceptions: [] });
  });

  test('an error that a sub-application answers is recorded', async () => {
    const sub = new Hono().onError((_error, c) => c.text('own', 502));
    sub.get('/', thrower(new StorageError('no')));
    const app = createApp(thrower('never')).route('/sub', sub);
    await app.request('/sub');
    const type = 'StorageError';
    expect(await outcome()).toEqual({ isError: true, statusCode: 502, type, exceptions: [type] });
  });

  test('a thrown error is recorded once if the middleware is registered twice', async () => {
    const app = new Hono().use(traceHttp(telemetry), traceHttp(telemetry));
    app.get('/', thrower(new Error('no')));
    await app.request('/');
    expect(await outcome()).toMatchObject({ isError: true, exceptions: ['Error'] });
    const [duration] = await telemetry.histograms('http.server.request.duration');
    expect(duration?.value.count).toBe(1);
  });
});

describe('traceHttp({ exceptions })', () => {
  const details = {
    'exception.type': 'StorageError',
    'exception.message': 'disk full',
    'exception.stacktrace': expect.stringContaining('disk full'),
  };
  const failing = thrower(new StorageError('disk full'));

  test.each([
    [undefined, 1, 0],
    ['span', 1, 0],
    ['logs', 0, 1],
    ['logs/dup', 1, 1],
  ] as const)(
    '%s records an exception on %i spans and in %i log records',
    async (exceptions, events, records) => {
      await createApp(failing, exceptions && { exceptions }).request('/');
      const span = telemetry.span();
      expect(span.events.map(({ name, attributes }) => ({ name, attributes }))).toEqual(
        Array(events).fill({ name: 'exception', attributes: details }),
      );
      const { traceId, spanId } = span.spanContext();
      expect(telemetry.logs()).toMatchObject(
        Array(records).fill({
          eventName: 'http.server.request.exception',
          severityNumber: 17,
          severityText: 'ERROR',
          attributes: details,
          spanContext: { traceId, spanId },
        }),
      );
      expect(telemetry.logs()).toHaveLength(records);
      expect(await outcome()).toMatchObject({ isError: true, type: 'StorageError' });
    },
  );

  test('keeps the message of a thrown string', async () => {
    await Promise.resolve(createApp(thrower('disk full')).request('/')).catch(() => {});
    expect(telemetry.span().events[0]?.attributes).toEqual({
      'exception.type': 'string',
      'exception.message': 'disk full',
    });
  });
});
