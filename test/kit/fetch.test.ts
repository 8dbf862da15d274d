import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { suppressTracing, W3CTraceContextPropagator } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { hc } from 'hono/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  instrumentGlobalFetch,
  type TraceFetchOptions,
  traceFetch,
} from '../../packages/hono-opentelemetry/src/fetch/index.ts';
import { createRedactor, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { createGate, gatedStream } from '../support/gated-stream.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { type StockServer, startStockServer } from '../support/stock-server.ts';
import { useContext } from '../support/use-context.ts';
import { waitUntil } from '../support/wait-until.ts';

useContext();
let server: StockServer;
let telemetry: RecordedTelemetry;
let gate = createGate();

const api = new Hono()
  .get('/tasks/:id', (c) => c.json({ id: c.req.param('id') }))
  .get('/headers', (c) => c.json(c.req.header()))
  .post('/echo', async (c) => c.text(`${c.req.method} ${await c.req.text()}`))
  .get('/empty', (c) => c.body(null, 204))
  .get('/status/:code', (c) => c.text('no', Number(c.req.param('code')) as 404))
  .get('/redirect', (c) => c.redirect('/tasks/7'))
  .get('/stream', (c) => c.body(gatedStream(gate)))
  .get('/slow', async (c) => {
    await gate.opened;
    return c.text('late');
  });

beforeAll(async () => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  server = await startStockServer(api);
});
afterAll(async () => {
  propagation.disable();
  await server.close();
});
beforeEach(() => {
  telemetry = recordTelemetry();
  gate = createGate();
});

function createFetch(options: TraceFetchOptions = {}) {
  return traceFetch(undefined, { ...telemetry, ...options });
}

async function ended(): Promise<ReadableSpan> {
  await waitUntil(
    () => telemetry.spans().length > 0,
    5_000,
    () => 'No span ended.',
  );
  return telemetry.span();
}

class Greeting extends Response {
  override text = async () => 'hello';
}

/** Calls a method that TypeScript does not know yet. */
function streamText(response: Response): ReadableStream<string> {
  return (response as Response & { textStream(): ReadableStream<string> }).textStream();
}

describe('traceFetch()', () => {
  test('records a CLIENT span and a duration that agree', async () => {
    const response = await createFetch()(`${server.url}/tasks/7?a=1`);
    expect(telemetry.spans()).toEqual([]);
    expect(await response.json()).toEqual({ id: '7' });
    const span = telemetry.span();
    const { hostname, port } = new URL(server.url);
    expect(span.name).toBe('GET');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    const shared = {
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': hostname,
      'server.port': Number(port),
    };
    expect(span.attributes).toEqual({ ...shared, 'url.full': `${server.url}/tasks/7?a=REDACTED` });
    const [point] = await telemetry.histograms('http.client.request.duration');
    expect(point?.attributes).toEqual(shared);
    expect(point?.value.sum).toBeCloseTo(span.duration[0] + span.duration[1] / 1e9, 9);
  });

  test('names the span after the template of the URL', async () => {
    const fetch = createFetch({ template: ({ pathname }) => pathname.replace(/\d+/, ':id') });
    await (await fetch(`${server.url}/tasks/7`)).text();
    expect(telemetry.span().name).toBe('GET /tasks/:id');
    expect(telemetry.span().attributes['url.template']).toBe('/tasks/:id');
  });

  test('records an unknown method as _OTHER', async () => {
    await (await createFetch()(`${server.url}/tasks/7`, { method: 'BREW' })).text();
    expect(telemetry.span().name).toBe('HTTP');
    expect(telemetry.span().attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'BREW',
    });
  });

  test('sends the context without changing the headers or the request of the caller', async () => {
    const headers = new Headers({ 'x-a': '1' });
    const request = new Request(`${server.url}/headers`, { headers });
    for (const args of [
      [request],
      [new URL(request.url), { headers }],
      [request.url, { headers: Object.freeze({ 'x-a': '1' }) }],
      [
        request.url,
        Object.freeze({ headers: Object.freeze([['x-a', '1']]) as [string, string][] }),
      ],
      [request.url, request],
      [request, { headers: { 'x-a': '1' } }],
    ] as [string | Request | URL, RequestInit?][]) {
      const response = await createFetch()(...args);
      const received = (await response.json()) as Record<string, string>;
      expect(received['x-a']).toBe('1');
      const { traceId, spanId } = telemetry.spans().at(-1)?.spanContext() ?? {};
      expect(received.traceparent).toBe(`00-${traceId}-${spanId}-01`);
    }
    expect([...headers.keys()]).toEqual(['x-a']);
    expect([...request.headers.keys()]).toEqual(['x-a']);
  });

  test('keeps the body and the method of a request', async () => {
    const request = new Request(`${server.url}/echo`, { method: 'POST', body: 'milk' });
    expect(await (await createFetch()(request)).text()).toBe('POST milk');
    expect(request.bodyUsed).toBe(true);
    expect(telemetry.span().name).toBe('POST');
    await expect(createFetch()(request)).rejects.toThrow(TypeError);
  });

  test('sends no headers with propagate: () => false', async () => {
    const fetch = createFetch({ propagate: ({ pathname }) => pathname !== '/headers' });
    const received = await (await fetch(`${server.url}/headers`)).json();
    expect(received).not.toHaveProperty('traceparent');
    expect(telemetry.spans()).toHaveLength(1);
  });

  test('neither traces nor changes excluded calls', async () => {
    const fetch = createFetch({ exclude: ({ pathname }) => pathname === '/headers' });
    const received = await (await fetch(`${server.url}/headers`)).json();
    expect(received).not.toHaveProperty('traceparent');
    expect(telemetry.spans()).toEqual([]);
  });

  test('does not trace the calls of exporters', async () => {
    const fetch = createFetch();
    await context.with(suppressTracing(context.active()), async () => {
      await (await fetch(`${server.url}/tasks/7`)).text();
    });
    expect(telemetry.spans()).toEqual([]);
  });

  test.each([
    ['http://user:pw@h/x', 'http://REDACTED:REDACTED@h/x'],
    ['http://user@h/@x', 'http://REDACTED:REDACTED@h/@x'],
    ['http://h/p?a=1&token=b/c?d=e#f=g', 'http://h/p?a=REDACTED&token=REDACTED#f=REDACTED'],
    ['http://h/eyJhbGciOiJI.eyJzdWIi.x/y', 'http://h/REDACTED/y'],
    ['http://h/a;sid=1/b', 'http://h/a;sid=REDACTED'],
    ['data:text/plain,milk', 'data:REDACTED'],
    ['http://[::1]:8080/', 'http://[::1]:8080/'],
  ])('records url.full of %s as %s', async (url, expected) => {
    const fetch = traceFetch(async (_url: string | URL | Request) => new Response(null), telemetry);
    await fetch(url);
    expect(telemetry.span().attributes['url.full']).toBe(expected);
  });

  test('records no server for a URL without a host', async () => {
    await traceFetch(undefined, telemetry)('data:text/plain,milk').then((milk) => milk.text());
    const [point] = await telemetry.points('http.client.request.duration');
    for (const attributes of [telemetry.span().attributes, point?.attributes]) {
      expect(attributes).not.toHaveProperty(['server.address']);
      expect(attributes).not.toHaveProperty(['server.port']);
    }
  });

  test('keeps harmless values with redactUrl', async () => {
    const redactUrl = createRedactor().text;
    const answer = async (_url: string | URL | Request) => new Response(null);
    const fetch = traceFetch(answer, { ...telemetry, redactUrl });
    await fetch('http://h/x?page=2&token=a');
    expect(telemetry.span().attributes['url.full']).toBe('http://h/x?page=2&token=REDACTED');
  });

  test.each([404, 500])('records status %i as an error', async (status) => {
    await (await createFetch()(`${server.url}/status/${status}`)).text();
    expect(telemetry.span().status.code).toBe(SpanStatusCode.ERROR);
    expect(telemetry.span().attributes['error.type']).toBe(String(status));
    const [point] = await telemetry.points('http.client.request.duration');
    expect(point?.attributes['error.type']).toBe(String(status));
  });

  test('keeps the URL of a redirected response', async () => {
    const response = await createFetch()(`${server.url}/redirect`);
    expect([response.url, response.redirected]).toEqual([`${server.url}/tasks/7`, true]);
    await response.text();
    expect(telemetry.span().attributes['http.response.status_code']).toBe(200);
  });

  test('ends the span of a response without a body immediately', async () => {
    const response = await createFetch()(`${server.url}/empty`);
    expect(telemetry.span().attributes['http.response.status_code']).toBe(204);
    expect(await response.text()).toBe('');
  });

  describe('a streamed response', () => {
    test('a stream that is read to its end ends the span', async () => {
      const response = await createFetch()(`${server.url}/stream`);
      const reader = response.body?.getReader();
      await reader?.read();
      expect(telemetry.spans()).toEqual([]);
      gate.open();
      while (!(await reader?.read())?.done);
      expect(telemetry.span().status.code).toBe(SpanStatusCode.UNSET);
    });

    test('a cancelled stream ends the span', async () => {
      const response = await createFetch()(`${server.url}/stream`);
      await response.body?.cancel();
      expect((await ended()).status.code).toBe(SpanStatusCode.UNSET);
    });

    test('a stream that is piped or iterated ends the span', async () => {
      gate.open();
      const piped = await createFetch()(`${server.url}/stream`);
      await piped.body?.pipeTo(new WritableStream());
      const iterated = await createFetch()(`${server.url}/stream`);
      let bytes = 0;
      for await (const chunk of iterated.body ?? []) bytes += chunk.length;
      expect(bytes).toBe(4);
      expect(telemetry.spans()).toHaveLength(2);
    });

    test('a stream of text ends the span', async () => {
      gate.open();
      const response = await createFetch()(`${server.url}/stream`);
      let text = '';
      for await (const part of streamText(response)) text += part;
      expect({ text, isUsed: response.bodyUsed }).toEqual({ text: 'milk', isUsed: true });
      expect(telemetry.spans()).toHaveLength(1);
      expect(() => streamText(response)).toThrow(TypeError);
    });

    test('a stream that another response sends ends the span', async () => {
      gate.open();
      const response = await createFetch()(`${server.url}/stream`);
      expect(await new Response(response.body, response).text()).toBe('milk');
      await ended();
    });

    test('a cloned stream ends the span', async () => {
      gate.open();
      const response = await createFetch()(`${server.url}/stream`);
      const clone = response.clone();
      expect(await clone.text()).toBe('milk');
      expect(await response.text()).toBe('milk');
      await ended();
    });

    test('a stream that the caller aborts ends the span with an error', async () => {
      const client = new AbortController();
      const { signal } = client;
      const response = await createFetch()(`${server.url}/stream`, { signal });
      const reader = response.body?.getReader();
      await reader?.read();
      client.abort();
      await expect(reader?.read()).rejects.toThrow();
      expect((await ended()).attributes['error.type']).toBe('AbortError');
    });
  });

  test('ends the span of a call that is aborted', async () => {
    const client = new AbortController();
    const call = createFetch()(`${server.url}/slow`, { signal: client.signal });
    client.abort();
    const thrown = await call.catch((error: unknown) => error);
    expect(thrown).toBe(client.signal.reason);
    expect(telemetry.span().attributes['error.type']).toBe('AbortError');
  });

  test('names the error of a server that cannot be reached', async () => {
    await expect(createFetch()('http://127.0.0.1:1/')).rejects.toThrow();
    const span = telemetry.span();
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toMatch(/^(ECONNREFUSED|ConnectionRefused|TypeError)$/);
    expect(span.attributes['http.response.status_code']).toBeUndefined();
  });

  test.each([
    ['an error', new RangeError('no'), 'RangeError'],
    ['a string', 'no', 'string'],
    ['undefined', undefined, 'undefined'],
  ])('passes on %s that fetch() throws synchronously', async (_what, thrown, type) => {
    const fetch = traceFetch((_url: string | URL | Request): Response => {
      throw thrown;
    }, telemetry);
    let caught: unknown = 'nothing';
    try {
      fetch('http://h/');
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(thrown);
    expect(telemetry.span().attributes['error.type']).toBe(type);
  });

  test('passes on arguments, this and synchronous responses', () => {
    const response = new Response(null);
    const calls: unknown[] = [];
    const target = {
      fetch(this: unknown, ...args: unknown[]) {
        calls.push(this, ...args);
        return response;
      },
    };
    const traced = { fetch: traceFetch(target.fetch, { ...telemetry, propagate: () => false }) };
    const env = {};
    const call: (...args: unknown[]) => unknown = traced.fetch;
    expect(Reflect.apply(call, traced, ['not a URL', undefined, env])).toBe(response);
    expect(calls).toEqual([traced, 'not a URL', undefined, env]);
    expect(telemetry.spans()).toHaveLength(1);
  });

  test('has the name, the length and the members of the original', () => {
    const traced = createFetch();
    const members = (value: object) => Object.keys(Object.getOwnPropertyDescriptors(value)).sort();
    expect([traced.name, traced.length]).toEqual([fetch.name, fetch.length]);
    expect(members(traced)).toEqual(expect.arrayContaining(members(fetch)));
  });

  test('ends both spans of a call that goes through two traced functions', async () => {
    const inner = createFetch();
    const outer = traceFetch((...args: Parameters<typeof inner>) => inner(...args), telemetry);
    const response = await outer(`${server.url}/stream`);
    expect(telemetry.spans()).toEqual([]);
    gate.open();
    expect(await response.text()).toBe('milk');
    expect(telemetry.spans()).toHaveLength(2);
  });

  test('passes over empty chunks of a body', async () => {
    const chunks = ['', 'milk', ''].map((text) => new TextEncoder().encode(text));
    const body = new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const app = new Hono().get('/', () => new Response(body));
    const response = await traceFetch(app.request, telemetry)('/');
    expect(await new Response(response.body).text()).toBe('milk');
    expect(telemetry.spans()).toHaveLength(1);
  });

  test.each([
    ['of a subclass', (response: Response) => new Greeting(response.body)],
    ['that is frozen', (response: Response) => Object.freeze(response)],
  ])('leaves a response %s as it is, and records it once', async (_what, change) => {
    const plain = async (url: string | URL | Request) => change(await fetch(url));
    const response = await traceFetch(plain, telemetry)(`${server.url}/tasks/7`);
    const expected = await (await plain(`${server.url}/tasks/7`)).text();
    expect(await response.text()).toBe(expected);
    collectGarbage?.();
    await sleep(20);
    expect(telemetry.spans()).toHaveLength(1);
    expect(await telemetry.points('http.client.request.duration')).toMatchObject([
      { value: { count: 1 } },
    ]);
  });

  test('works as the fetch of hc', async () => {
    const client = hc<typeof api>(server.url, { fetch: createFetch() });
    const response = await client.tasks[':id'].$get({ param: { id: '7' } });
    expect(await response.json()).toEqual({ id: '7' });
    expect(telemetry.span().name).toBe('GET');
  });

  test('passes env and the execution context on to app.request', async () => {
    type Env = { Bindings: { tenant: string } };
    const app = new Hono<Env>().get('/', (c) => c.text(c.env.tenant));
    const request = traceFetch(app.request, telemetry);
    expect(await (await request('/', {}, { tenant: 'acme' })).text()).toBe('acme');
  });

  test('works around app.request, whose request becomes a child', async () => {
    const app = new Hono().use(traceHttp(telemetry)).get('/tasks', (c) => c.text('milk'));
    const request = traceFetch(app.request, telemetry);
    expect(await (await request('/tasks')).text()).toBe('milk');
    const [inner, outer] = telemetry.spans();
    expect([inner?.name, outer?.name]).toEqual(['GET /tasks', 'GET']);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  test('makes one trace of two services', async () => {
    const fetch = createFetch();
    const shop = new Hono().use(traceHttp(telemetry));
    shop.get('/', async (c) => c.text(await (await fetch(`${server.url}/tasks/7`)).text()));
    await (await shop.request('/')).text();
    const [client, handler] = telemetry.spans();
    expect(client?.parentSpanContext?.spanId).toBe(handler?.spanContext().spanId);
  });
});

test('a response that is dropped ends its span with its headers', async ({ skip }) => {
  skip(collectGarbage === undefined, 'Deno cannot collect garbage on demand.');
  await (async () => void (await createFetch()(`${server.url}/tasks/7`)))();
  const start = performance.now();
  await waitUntil(
    () => {
      collectGarbage?.();
      return telemetry.spans().length > 0;
    },
    10_000,
    () => 'No span ended.',
  );
  const [seconds, nanoseconds] = telemetry.span().duration;
  expect(seconds * 1e3 + nanoseconds / 1e6).toBeLessThan(performance.now() - start + 1_000);
  expect(telemetry.span().attributes['http.response.status_code']).toBe(200);
});

test('a clone that is dropped does not end the span of a response that is read', async ({
  skip,
}) => {
  skip(collectGarbage === undefined, 'Deno cannot collect garbage on demand.');
  const response = await createFetch()(`${server.url}/stream`);
  (() => void response.clone())();
  for (let i = 0; i < 5; i += 1) {
    await sleep(20);
    collectGarbage?.();
  }
  expect(telemetry.spans()).toEqual([]);
  gate.open();
  expect(await response.text()).toBe('milk');
  expect(telemetry.spans()).toHaveLength(1);
});

describe.each(['/tasks/7', '/stream', '/status/404', '/empty'])('a response of %s', (path) => {
  test('a response that a handler passes on is unchanged, and its span ends', async () => {
    gate.open();
    const fetch = createFetch();
    const proxy = new Hono().use(traceHttp(telemetry)).get('*', () => fetch(server.url + path));
    const bare = new Hono().get('*', () => globalThis.fetch(server.url + path));
    const outcomes = [];
    for (const app of [proxy, bare]) {
      const started = await startStockServer(app);
      const response = await globalThis.fetch(started.url);
      const headers = [...response.headers].filter(([name]) => name !== 'date');
      outcomes.push([response.status, headers, await response.text()]);
      await started.close();
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
    await waitUntil(
      () => telemetry.spans().length === 2,
      5_000,
      () => `${telemetry.spans().length} spans ended.`,
    );
  });
});

describe('a traced response is the same as an untraced one', () => {
  const paths = ['/tasks/7', '/empty', '/status/404', '/redirect', '/headers'];
  test.each(paths)('%s', async (path) => {
    const bare = await fetch(server.url + path);
    const traced = await createFetch({ propagate: () => false })(server.url + path);
    const facts = (response: Response) => ({
      ...Object.fromEntries(
        (['status', 'statusText', 'ok', 'url', 'redirected', 'type', 'bodyUsed'] as const).map(
          (name) => [name, response[name]],
        ),
      ),
      headers: [...response.headers].filter(([name]) => name !== 'date'),
      isResponse: response instanceof Response,
      keys: Object.keys(response),
      hasBody: response.body !== null,
      bodies: new Set([response.body, response.body]).size,
      isLocked: response.body?.locked,
    });
    expect(facts(traced)).toEqual(facts(bare));
    const set = ({ headers }: Response) => {
      try {
        headers.set('x-a', '1');
      } catch (error) {
        return error;
      }
    };
    // Bun allows it.
    expect(set(traced)).toEqual(set(bare));
    expect(await traced.text()).toBe(await bare.text());
    expect(traced.bodyUsed).toBe(bare.bodyUsed);
    const again = (response: Response) => response.text().catch((error: Error) => error.name);
    expect(await again(traced)).toBe(await again(bare));
  });

  test.each(['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const)(
    '%s() gives the same result, and fails the same way',
    async (method) => {
      const outcome = async (call: typeof fetch, path: string) => {
        const response = await call(server.url + path);
        return response[method]().then(
          (value) => [typeof value, Object.prototype.toString.call(value)],
          (error: Error) => error.name,
        );
      };
      for (const path of ['/tasks/7', '/status/404']) {
        expect(await outcome(createFetch(), path)).toEqual(await outcome(fetch, path));
      }
    },
  );

  test.each(['text', 'json'] as const)('%s() rejects while the body is read', async (name) => {
    const response = await createFetch()(`${server.url}/tasks/7`);
    await response.body?.getReader().read();
    const result = response[name]();
    await expect(result).rejects.toThrow(TypeError);
  });

  test('text() fails while the body is locked', async () => {
    for (const call of [fetch, createFetch()]) {
      const response = await call(`${server.url}/tasks/7`);
      response.body?.getReader();
      await expect(response.text()).rejects.toThrow(TypeError);
    }
  });

  test('clone() works after the body was touched, not after it was read', async () => {
    for (const call of [fetch, createFetch()]) {
      const response = await call(`${server.url}/tasks/7`);
      expect(response.body?.locked).toBe(false);
      expect(await response.clone().json()).toEqual({ id: '7' });
      await response.text();
      expect(() => response.clone()).toThrow(TypeError);
    }
  });
});

describe('instrumentGlobalFetch()', () => {
  test('traces calls of globalThis.fetch until it is restored', async () => {
    const original = globalThis.fetch;
    const restore = instrumentGlobalFetch(telemetry);
    try {
      await (await fetch(`${server.url}/tasks/7`)).text();
      await (await createFetch()(`${server.url}/tasks/7`)).text();
      expect(telemetry.spans()).toHaveLength(2);
    } finally {
      restore();
    }
    expect(globalThis.fetch).toBe(original);
  });

  test('only passes calls on after restore() if other code has replaced fetch since', async () => {
    const original = globalThis.fetch;
    const restore = instrumentGlobalFetch(telemetry);
    const traced = globalThis.fetch;
    const wrapped = ((...args: Parameters<typeof fetch>) => traced(...args)) as typeof fetch;
    globalThis.fetch = wrapped;
    try {
      restore();
      expect(globalThis.fetch).toBe(wrapped);
      await (await fetch(`${server.url}/tasks/7`)).text();
      expect(telemetry.spans()).toEqual([]);
    } finally {
      globalThis.fetch = original;
    }
  });
});

test('a span without a parent is a root span, and one within a span is its child', async () => {
  const tracer = telemetry.tracerProvider.getTracer('test');
  await tracer.startActiveSpan('work', async (span) => {
    await (await createFetch()(`${server.url}/empty`)).text();
    span.end();
  });
  const [client, work] = telemetry.spans();
  expect(client?.parentSpanContext?.spanId).toBe(work?.spanContext().spanId);
  expect(trace.getActiveSpan()).toBeUndefined();
});
