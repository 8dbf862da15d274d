import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { SpanStatusCode } from '@opentelemetry/api';
import type { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { createAnsweringApp, SourceError } from '../support/answering-app.ts';
import { currentRuntime } from '../support/app-command.ts';
import { createGate, type Gate, gatedStream } from '../support/gated-stream.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Serves an app in clear text, with a client that is connected to it. */
async function serve(app: Hono) {
  const server = createAdaptorServer({ fetch: app.fetch, createServer: http2.createServer });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = http2.connect(`http://127.0.0.1:${port}`);
  client.on('error', () => {});
  return {
    client,
    async close() {
      client.destroy();
      server.close();
    },
  };
}

describe.skipIf(currentRuntime !== 'node')('traceHttp() under node:http2 (on Node only)', () => {
  useContext();
  let telemetry: RecordedTelemetry;
  let gate: Gate;
  let server: Awaited<ReturnType<typeof serve>>;

  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    telemetry = recordTelemetry();
    gate = createGate();
    const app = createAnsweringApp(traceHttp({ ...telemetry, traceResponse: true }), gate);
    // HTTP/2 has no `Transfer-Encoding`, which Hono's helpers for streams set.
    const events = { 'content-type': 'text/event-stream' };
    app.get('/events', () => new Response(gatedStream(gate), { headers: events }));
    app.get('/broken', () => new Response(gatedStream(gate, new SourceError('gone'))));
    server = await serve(app);
  });
  afterEach(async () => {
    gate.open();
    await server.close();
  });

  function send(path: string, method = 'GET') {
    const stream = server.client.request({ ':path': path, ':method': method });
    stream.on('error', () => {});
    stream.resume();
    return stream;
  }

  async function ended() {
    await waitUntil(
      () => telemetry.spans().length > 0,
      5_000,
      () => 'No span ended.',
    );
    return telemetry.span();
  }

  test.each(['/static', '/html', '/empty', '/redirect', '/nowhere'])(
    'ends the span of %s with its status and returns its trace ID',
    async (path) => {
      const stream = send(path);
      const [headers] = await once(stream, 'response');
      const span = await ended();
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes['http.response.status_code']).toBe(headers[':status']);
      expect(span.attributes['network.protocol.version']).toBe('2');
      const told = headers[path === '/html' ? 'server-timing' : 'traceresponse'];
      expect(told).toContain(span.spanContext().spanId);
    },
  );

  test('ends the span of a stream with its last byte', async () => {
    const stream = send('/raw');
    await once(stream, 'data');
    expect(telemetry.spans()).toEqual([]);
    gate.open();
    expect((await ended()).status.code).toBe(SpanStatusCode.UNSET);
  });

  test.each([
    ['cancels in the middle of a stream', '/raw', 'data', http2.constants.NGHTTP2_CANCEL],
    ['fails in the middle of a stream', '/raw', 'data', http2.constants.NGHTTP2_INTERNAL_ERROR],
    ['cancels before the handler answers', '/slow', 'ready', http2.constants.NGHTTP2_CANCEL],
  ])('ends the span of a client that %s', async (_when, path, event, code) => {
    const stream = send(path);
    await once(stream, event);
    if (event === 'ready') await new Promise((resolve) => setTimeout(resolve, 100));
    stream.close(code);
    await new Promise((resolve) => setTimeout(resolve, 50));
    gate.open();
    const span = await ended();
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toBe('client_disconnected');
    expect(span.events).toEqual([]);
  });

  test('ends the span of a client whose connection breaks', async () => {
    const stream = send('/raw');
    await once(stream, 'data');
    server.client.destroy();
    const span = await ended();
    expect(span.attributes['error.type']).toBe('client_disconnected');
  });

  test('a client that leaves server-sent events ends the span without an error', async () => {
    const stream = send('/events');
    await once(stream, 'data');
    stream.close(http2.constants.NGHTTP2_CANCEL);
    expect((await ended()).status.code).toBe(SpanStatusCode.UNSET);
  });

  test('records a stream that fails halfway as an error with its exception', async () => {
    const stream = send('/broken');
    await once(stream, 'data');
    gate.open();
    const span = await ended();
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toBe('SourceError');
    expect(span.events).toHaveLength(1);
  });
});
