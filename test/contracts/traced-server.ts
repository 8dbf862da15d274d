import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { traceHttp } from '../../src/tracing/index.ts';
import { createAnsweringApp } from '../support/answering-app.ts';
import { createGate, type Gate } from '../support/gated-stream.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';
import { waitUntil } from '../support/wait-until.ts';

/** An app behind a server, or without one. */
export interface ServedApp {
  request(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** What a server does not let the middleware know. Each is a test that is skipped, with the reason. */
export interface Unknowable {
  readonly peer?: string;
  /** Streams with the content type of a whole page and without `Transfer-Encoding`. */
  readonly disguisedStreams?: string;
  /** Streams that no header tells. */
  readonly undeclaredStreams?: string;
  /** What became of a body that is no stream. */
  readonly goneBeforeAnswer?: string;
}

/**
 * What `traceHttp()` makes of requests under a server: one span each, with its true end.
 * @param serve starts the server
 */
export function testTracedServer(
  name: string,
  serve: (app: Hono) => Promise<ServedApp>,
  unknowable: Unknowable = {},
): void {
  describe(`traceHttp() under ${name}`, () => {
    useContext();
    let telemetry: RecordedTelemetry;
    let gate: Gate;
    let server: ServedApp;

    beforeEach(async () => {
      telemetry = recordTelemetry();
      gate = createGate();
      server = await serve(createAnsweringApp(traceHttp(telemetry), gate));
      // What servers and Hono print when a stream fails.
      vi.spyOn(console, 'error').mockImplementation(() => {});
    });
    afterEach(async () => {
      gate.open();
      await server.close();
    });

    /** The one span, once it has ended, which one data point agrees with. */
    async function ended(): Promise<ReadableSpan> {
      await waitUntil(
        () => telemetry.spans().length > 0,
        5_000,
        () => 'No span ended.',
      );
      const [point, ...more] = await telemetry.histograms('http.server.request.duration');
      expect(more).toEqual([]);
      expect(point?.value.count).toBe(1);
      return telemetry.span();
    }

    test('ends the span of a static answer', async () => {
      const response = await server.request('/static?a=1');
      expect(await response.text()).toBe('milk');
      const span = await ended();
      expect(span.name).toBe('GET /static');
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes).toMatchObject({
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'http.route': '/static',
        'server.address': expect.stringMatching(/^(127\.0\.0\.1|localhost)$/),
        'server.port': expect.any(Number),
        'url.path': '/static',
        'url.query': 'a=1',
        'url.scheme': 'http',
      });
    });

    test.skipIf(unknowable.peer)(named('tells the peer', unknowable.peer), async () => {
      await (await server.request('/static')).text();
      expect((await ended()).attributes).toMatchObject({
        'client.address': '127.0.0.1',
        'network.peer.address': '127.0.0.1',
        'network.peer.port': expect.any(Number),
      });
    });

    test.each([
      ['/static', 'text/plain'],
      ['/html', 'text/html'],
    ])('leaves the answer of %s as it was, %s', async (path, type) => {
      const response = await server.request(path);
      expect((await response.text()).includes('milk')).toBe(true);
      if (unknowable.peer === undefined) {
        expect(response.headers.get('content-type')).toContain(type);
        expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
      }
      expect((await ended()).name).toBe(`GET ${path}`);
    });

    test.each([
      ['/empty', 204],
      ['/redirect', 302],
      ['/nowhere', 404],
    ])('ends the span of %s, status %i', async (path, status) => {
      const response = await server.request(path, { redirect: 'manual' });
      await response.arrayBuffer();
      expect((await ended()).attributes['http.response.status_code']).toBe(status);
    });

    test('ends two spans on one connection, neither the parent of the other', async () => {
      for (let i = 0; i < 2; i++) await (await server.request('/static')).text();
      await waitUntil(
        () => telemetry.spans().length === 2,
        5_000,
        () => 'Not two spans.',
      );
      for (const span of telemetry.spans()) expect(span.parentSpanContext).toBeUndefined();
    });

    describe.each([
      ['/raw', unknowable.undeclaredStreams],
      ['/raw-html', unknowable.disguisedStreams ?? unknowable.undeclaredStreams],
      ['/stream', unknowable.undeclaredStreams],
      ['/stream-text', undefined],
      ['/stream-sse', undefined],
    ])('ends the span of %s', (path, reason) => {
      test.skipIf(reason)(named('when the whole stream has been sent', reason), () =>
        endsWithTheStream(path),
      );
      test.skipIf(reason)(named('once and without an error when the client goes', reason), () =>
        endsWithTheClient(path),
      );
    });

    async function endsWithTheStream(path: string): Promise<void> {
      const response = await server.request(path);
      const reader = readText(response);
      expect(await reader.next()).toContain('mi');
      expect(telemetry.spans()).toEqual([]);
      gate.open();
      expect(await reader.rest()).toContain('lk');
      const span = await ended();
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes['http.route']).toBe(path);
    }

    test('calls a stream that fails in the middle an ERROR', async () => {
      const response = await server.request('/chunked-error');
      const reader = readText(response);
      expect(await reader.next()).toBe('mi');
      gate.open();
      await reader.rest().catch(() => {});
      const span = await ended();
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
      expect(span.attributes).toMatchObject({
        'error.type': 'SourceError',
        'http.response.status_code': 200,
      });
      const [point] = await telemetry.points('http.server.request.duration');
      expect(point?.attributes['error.type']).toBe('SourceError');
    });

    async function endsWithTheClient(path: string): Promise<void> {
      const client = new AbortController();
      const response = await server.request(path, { signal: client.signal });
      const reader = readText(response);
      expect(await reader.next()).toContain('mi');
      client.abort();
      await reader.cancel();
      const span = await ended();
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes).not.toHaveProperty('error.type');
      gate.open();
      await pause();
      expect((await ended()).endTime).toEqual(span.endTime);
    }

    test.skipIf(unknowable.goneBeforeAnswer)(
      named(
        'ends the span once when the client goes away before the handler has answered',
        unknowable.goneBeforeAnswer,
      ),
      async () => {
        const client = new AbortController();
        const answer = server.request('/slow', { signal: client.signal }).catch(() => {});
        await pause();
        client.abort();
        await answer;
        await pause();
        gate.open();
        const span = await ended();
        expect(span.status.code).toBe(SpanStatusCode.UNSET);
        await pause();
        expect((await ended()).endTime).toEqual(span.endTime);
      },
    );

    test('ends the span once when the client goes away in the middle of a large answer', async () => {
      const client = new AbortController();
      const response = await server.request('/large', { signal: client.signal });
      const reader = readText(response);
      await reader.next();
      client.abort();
      await reader.cancel();
      const span = await ended();
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      await pause();
      expect((await ended()).endTime).toEqual(span.endTime);
    });

    test.each(['/static', '/raw', '/stream-sse'])('ends the span of HEAD %s', async (path) => {
      const response = await server.request(path, { method: 'HEAD' });
      expect(await response.text()).toBe('');
      expect((await ended()).name).toBe(`HEAD ${path}`);
    });

    test('passes a stream on in the pieces that it came in', async () => {
      gate.open();
      const response = await server.request('/raw-bytes');
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(bytes.length).toBe(3 * 65_536);
      expect([bytes[0], bytes[65_536], bytes[2 * 65_536]]).toEqual([0, 1, 2]);
      expect((await ended()).status.code).toBe(SpanStatusCode.UNSET);
    });
  });
}

function readText(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error('The response has no body.');
  return {
    next: async () => (await reader.read()).value,
    async rest() {
      let text = '';
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += part.value;
      return text;
    },
    cancel: () => reader.cancel().catch(() => {}),
  };
}

function named(fact: string, unknowable: string | undefined): string {
  return unknowable === undefined ? fact : `${fact} (skipped: ${unknowable})`;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
