import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanStatusCode } from '@opentelemetry/api';
import { Hono, type MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { timeout } from 'hono/timeout';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type SqlClient,
  traceHttp,
  traceSql,
} from '../../packages/hono-opentelemetry/src/index.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { createGate, gatedStream } from '../support/gated-stream.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';
import type { ServedApp } from '../support/use-traced-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const untraced: MiddlewareHandler = async (_c, next) => {
  await next();
};

/** Creates an app in which some requests do not end with a handler's response. */
function createApp(trace: MiddlewareHandler): Hono {
  const app = new Hono().use(trace);
  // Each of these is a mistake that a handler can make; types forbid the first.
  const forgetful: Record<string, () => unknown> = {
    '/unreturned': () => void new Response('{}'),
    '/thrown-string': () => {
      throw 'no';
    },
    '/thrown-null': () => {
      throw null;
    },
    '/read': async () => {
      const response = new Response('milk');
      await response.text();
      return response;
    },
    '/read-stream': async () => {
      const response = new Response(new Blob(['milk']).stream());
      await response.text();
      return response;
    },
    '/not-found-throws': () => undefined,
  };
  for (const [path, handler] of Object.entries(forgetful)) {
    app.get(path, handler as () => Response);
  }
  app.get('/json', (c) => c.json({ title: 'milk' }));
  app.get('/touched', async (c, next) => {
    await next();
    c.res.headers.set('x-touched', 'yes');
  });
  app.get('/touched', (c) => c.body(null, 204));
  app.notFound(() => {
    throw new HTTPException(410, { message: 'gone' });
  });
  return app;
}

function bodiless(status: number): Response {
  // @hono/node-server adds a type to headers in this form.
  const headers = new Headers({ 'transfer-encoding': 'chunked' });
  return new Response(gatedStream(createGate()), { status, headers });
}

/** Passes a stream with a status above 599 on. */
async function proxyOddStatus(): Promise<Response> {
  const upstream = createServer((_, outgoing) => {
    outgoing.writeHead(999, { 'Content-Type': 'text/event-stream' });
    outgoing.end('milk');
    upstream.close();
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } });
}

/**
 * Tests that `traceHttp()` records the response that was sent, when a handler returned another.
 * @param serve starts the server
 * @param noUsedBodies why a body that was read already cannot be tested, where that is so
 */
export function testTracedOutcomes(
  name: string,
  serve: (app: Hono) => Promise<ServedApp>,
  noUsedBodies?: string,
): void {
  describe(`traceHttp() under ${name}`, () => {
    useContext();
    let telemetry: RecordedTelemetry;
    beforeEach(() => {
      telemetry = recordTelemetry();
      // What servers and Hono print of an exception.
      vi.spyOn(console, 'error').mockImplementation(() => {});
      vi.spyOn(console, 'warn').mockImplementation(() => {});
    });

    async function waitForSpan(): Promise<void> {
      await waitUntil(
        () => {
          // Bun does not report that a response was dropped.
          if (telemetry.spans().length === 0) collectGarbage?.();
          return telemetry.spans().length > 0;
        },
        5_000,
        () => 'No span ended.',
      );
    }

    /** @param lateMillis time in which a handler is left to run */
    async function answerOf(app: Hono, path: string, lateMillis = 0) {
      const server = await serve(app);
      try {
        const response = await server.request(path);
        const type = response.headers.get('content-type');
        const touched = response.headers.get('x-touched');
        const isEmpty = (await response.text()) === '';
        await sleep(lateMillis);
        return { status: response.status, type, touched, isEmpty };
      } finally {
        await server.close();
      }
    }

    test.for<[string, number, string | undefined]>([
      ['/json', 200, undefined],
      ['/touched', 204, undefined],
      ['/nowhere', 410, undefined],
      ['/unreturned', 500, '500'],
      ['/thrown-string', 500, 'string'],
      ['/thrown-null', 500, 'null'],
      ['/read', 500, '500'],
      ['/read-stream', 500, '500'],
    ])(
      'does not change the response to %s, and records its status %i',
      async ([path, status, type], { skip }) => {
        skip(path.startsWith('/read') && noUsedBodies !== undefined, noUsedBodies);
        const expected = await answerOf(createApp(untraced), path);
        expect(expected.status).toBe(status);
        expect(await answerOf(createApp(traceHttp(telemetry)), path)).toEqual(expected);
        await waitForSpan();

        const span = telemetry.span();
        expect(span.attributes['http.response.status_code']).toBe(status);
        expect(span.attributes['error.type']).toBe(type);
        expect(span.status.code).toBe(type ? SpanStatusCode.ERROR : SpanStatusCode.UNSET);
        const [point, ...more] = await telemetry.points('http.server.request.duration');
        expect(more).toEqual([]);
        expect(point?.attributes['http.response.status_code']).toBe(status);
        expect(point?.attributes['error.type']).toBe(type);
      },
    );

    test.each([
      ['without a body', () => bodiless(204)],
      ['that is not modified', () => bodiless(304)],
      ['with a status that no response can be created with', proxyOddStatus],
    ])('does not change a stream %s, and records what was sent', async (_, respond) => {
      const respondTo = (trace: MiddlewareHandler) => new Hono().use(trace).get('/', respond);
      const expected = await answerOf(respondTo(untraced), '/');
      expect(await answerOf(respondTo(traceHttp(telemetry)), '/')).toEqual(expected);
      await waitForSpan();
      const { attributes } = telemetry.span();
      expect(attributes['http.response.status_code']).toBe(expected.status);
      // Some runtimes refuse to create such a response.
      const type = expected.status < 500 ? undefined : expect.stringMatching(/^TypeError$|^\d+$/);
      expect(attributes['error.type']).toEqual(type);
    });

    test('records the response of a timeout above it, which has been sent', async () => {
      const app = new Hono().use(timeout(20)).use(traceHttp(telemetry));
      app.get('/', async (c) => {
        await sleep(100);
        return c.text('milk');
      });
      expect((await answerOf(app, '/', 200)).status).toBe(504);
      await waitForSpan();
      expect(telemetry.span().attributes).toMatchObject({
        'http.response.status_code': 504,
        'error.type': 'HTTPException',
      });
    });

    test('ends the span of a stream that a middleware above replaces', async () => {
      const app = new Hono();
      app.use(async (c, next) => {
        await next();
        c.res = undefined;
        c.res = new Response('sorry', { status: 503 });
      });
      app.use(traceHttp({ ...telemetry, optIn: { activeRequests: true } }));
      app.get('/', () => {
        const headers = { 'transfer-encoding': 'chunked' };
        return new Response(gatedStream(createGate()), { headers });
      });
      expect((await answerOf(app, '/')).status).toBe(503);
      await waitForSpan();
      expect(telemetry.span().name).toBe('GET /');
      const [point, ...more] = await telemetry.points('http.server.request.duration');
      expect([point?.value, more]).toMatchObject([{ count: 1 }, []]);
      expect((await telemetry.points('http.server.active_requests'))[0]?.value).toBe(0);
    });

    test.each([
      ['without a body', () => new Response(null, { status: 204 })],
      ['of a redirect', () => new Response(null, { status: 303, headers: { location: '/' } })],
      ['of an error', () => new Response(null, { status: 404 })],
    ])('sends each of many requests its own trace ID on one Response %s', async (_name, create) => {
      const shared = create();
      const before = [...shared.headers];
      const gate = createGate();
      const app = new Hono().use(traceHttp({ ...telemetry, traceResponse: true }));
      app.get('/', async () => {
        await gate.opened;
        return shared;
      });
      const server = await serve(app);
      const init: RequestInit = { redirect: 'manual' };
      const answers = Array.from({ length: 5 }, () => server.request('/', init));
      setTimeout(gate.open, 100);
      const ids = (await Promise.all(answers)).map(({ headers }) => headers.get('traceresponse'));
      await server.close();
      const spans = telemetry.spans().map((span) => {
        const { traceId, spanId } = span.spanContext();
        return `00-${traceId}-${spanId}-01`;
      });
      expect(ids.sort()).toEqual(spans.sort());
      expect([...shared.headers]).toEqual(before);
    });

    test('records the error of an aborted request as an AbortError, in the handler and below', async () => {
      const app = new Hono().use(traceHttp(telemetry));
      app.get('/', async (c) => {
        const { signal } = c.req.raw;
        const query = () =>
          new Promise<never>((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        const client: SqlClient = { system: 'sqlite', query };
        await traceSql(client, telemetry).query('select 1', []);
        return c.text('milk');
      });
      const server = await serve(app);
      const client = new AbortController();
      const answer = server.request('/', { signal: client.signal }).catch(() => {});
      setTimeout(() => client.abort(), 100);
      await answer;
      await waitUntil(
        () => telemetry.spans().length === 2,
        5_000,
        () => 'Not two spans.',
      );
      await server.close();
      for (const { attributes } of telemetry.spans()) {
        expect(attributes['error.type']).toBe('AbortError');
      }
      const exceptions = telemetry.spans().flatMap(({ events }) => events);
      expect(exceptions.map(({ attributes }) => attributes?.['exception.type'])).toEqual([
        'AbortError',
      ]);
    });
  });
}
