import { SpanStatusCode } from '@opentelemetry/api';
import { Hono } from 'hono';
import { stream, streamSSE, streamText } from 'hono/streaming';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fetch } from '../../src/runtime.ts';
import { traceHttp } from '../../src/tracing/index.ts';
import { currentRuntime } from '../support/app-command.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Milliseconds that each of the streams lasts. */
const LASTS = 300;
const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

export interface TestServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A body of three pieces over `LASTS` milliseconds; `fails` cuts it after the second. */
function slowBody(fails = false): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent === 3) return controller.close();
      if (sent === 2 && fails) throw new RangeError('cut short');
      if (sent++ > 0) await pause(LASTS / 2);
      controller.enqueue(new TextEncoder().encode('piece\n'.repeat(100)));
    },
  });
}

/** What `traceHttp()` does under a server, whichever it is. */
export function testTracedServer(
  name: string,
  serve: (fetch: Fetch) => Promise<TestServer> | TestServer,
): void {
  describe(name, () => {
    useContext();
    let telemetry = recordTelemetry();
    async function endedSpan() {
      const describeSpans = () => `${telemetry.spans().length} spans ended.`;
      await waitUntil(() => telemetry.spans().length > 0, 5_000, describeSpans);
      return telemetry.span();
    }
    let server: TestServer;
    const app = new Hono();
    // Each test gets providers of its own; the app and its server stay.
    app.use((c, next) => traceHttp(telemetry)(c, next));
    app.get('/text', (c) => c.text('hello'));
    app.get('/html', (c) => c.html('<p>hello</p>'));
    app.get('/raw', () => new Response(slowBody()));
    app.get('/stream', (c) => stream(c, (to) => to.pipe(slowBody())));
    app.get('/stream-text', (c) => streamText(c, (to) => to.pipe(slowBody())));
    app.get('/events', (c) =>
      streamSSE(c, async (to) => {
        for (let i = 0; i < 3; i++) {
          await to.writeSSE({ data: `${i}` });
          await pause(LASTS / 2);
        }
      }),
    );
    app.get('/cut', () => {
      const headers = { 'transfer-encoding': 'chunked' };
      return new Response(slowBody(true), { headers });
    });

    beforeAll(async () => {
      server = await serve(app.fetch as Fetch);
    });
    afterAll(() => server.close());

    function get(path: string, init?: RequestInit): Promise<Response> {
      telemetry = recordTelemetry();
      return fetch(`http://127.0.0.1:${server.port}${path}`, init);
    }
    const millis = ([seconds, nanos]: readonly [number, number]) => seconds * 1e3 + nanos / 1e6;

    test('traceHttp() knows who the other end is', async () => {
      await (await get('/text')).text();
      const { attributes } = await endedSpan();
      expect(attributes['network.peer.address']).toBe('127.0.0.1');
      expect(attributes['network.peer.port']).toBeGreaterThan(0);
      expect(attributes['server.port']).toBe(server.port);
    });

    test.each(['/text', '/html'])('traceHttp() leaves the answer of %s as it is', async (path) => {
      const response = await get(path);
      const body = await response.text();
      expect(body).toContain('hello');
      expect(response.headers.get('content-length')).toBe(String(body.length));
      expect(response.headers.get('content-type')).toMatch(/^text\/(plain|html)/);
      expect((await endedSpan()).name).toBe(`GET ${path}`);
    });

    test.each(['/raw', '/stream', '/stream-text', '/events'])(
      'traceHttp() measures the stream %s to its end',
      async (path) => {
        const untyped = path === '/raw' || path === '/stream';
        if (currentRuntime === 'bun' && untyped) {
          // Nothing tells an untyped stream from a text there: the span ends with the handler.
          await (await get(path)).text();
          await endedSpan();
          return;
        }
        const body = await (await get(path)).text();
        expect(body.length).toBeGreaterThan(10);
        const span = await endedSpan();
        expect(millis(span.duration)).toBeGreaterThan(LASTS * 0.9);
        expect(span.status.code).toBe(SpanStatusCode.UNSET);
      },
    );

    test('traceHttp() marks a response that the server cut short', async () => {
      await get('/cut')
        .then((response) => response.text())
        .catch(() => 'cut');
      const span = await endedSpan();
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
      expect(span.attributes['error.type']).toBe('RangeError');
    });

    test('traceHttp() ends the span once, and not as an error, when the client leaves', async () => {
      const client = new AbortController();
      const response = await get('/events', { signal: client.signal });
      await response.body?.getReader().read();
      client.abort();
      const span = await endedSpan();
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes['http.response.status_code']).toBe(200);
      await pause(LASTS);
      expect(telemetry.spans()).toHaveLength(1);
    });
  });
}
