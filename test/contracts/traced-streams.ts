import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { type ServedApp, useTracedServer } from '../support/use-traced-server.ts';

/** Events that a server hides from the middleware. Each one skips its tests, with the reason as its value. */
export interface Unknowable {
  /** Streams with the content type of a whole page and without `Transfer-Encoding`. */
  readonly disguisedStreams?: string;
  /** Streams that no header announces. */
  readonly undeclaredStreams?: string;
  /** The end of a body that is not a stream. */
  readonly goneBeforeAnswer?: string;
  /** A client that disconnects before the handler responds. Its span looks like any other. */
  readonly unseenBeforeAnswer?: string;
  /** A client that disconnects in the middle of a body that is not a recognizable stream. */
  readonly unseenInBody?: string;
  /** The same for a body that the server has taken as a whole. */
  readonly unseenInText?: string;
  /** An exception in a body that is not a recognizable stream. */
  readonly unseenException?: string;
}

/**
 * Tests when `traceHttp()` ends a span under a server: with the last byte, or when the client disconnects.
 * @param serve starts the server
 */
export function testTracedStreams(
  name: string,
  serve: (app: Hono) => Promise<ServedApp>,
  unknowable: Unknowable = {},
): void {
  describe(`traceHttp() under ${name}`, () => {
    const server = useTracedServer(serve);

    describe.each([
      ['/raw', unknowable.undeclaredStreams],
      ['/raw-html', unknowable.disguisedStreams ?? unknowable.undeclaredStreams],
      ['/stream', unknowable.undeclaredStreams],
      ['/stream-text', undefined],
      ['/stream-sse', undefined],
    ])('a stream of %s', (path, reason) => {
      test('ends its span when the whole stream has been sent', ({ skip }) => {
        skip(reason !== undefined, reason);
        return endsWithTheStream(path);
      });
      test('ends its span once when the client disconnects, with an error for an incomplete response', ({
        skip,
      }) => {
        skip(reason !== undefined, reason);
        return endsWithTheClient(path);
      });
    });

    async function endsWithTheStream(path: string): Promise<void> {
      const response = await server().request(path);
      const reader = readText(response);
      expect(await reader.next()).toContain('mi');
      expect(server().telemetry.spans()).toEqual([]);
      server().gate.open();
      expect(await reader.rest()).toContain('lk');
      const span = await server().ended();
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes['http.route']).toBe(path);
    }

    /** Expects that span and metric agree, and that a client's disconnect is not an exception of the app. */
    async function expectDisconnect(span: ReadableSpan, isSeen: boolean): Promise<void> {
      const type = isSeen ? 'client_disconnected' : undefined;
      expect(span.status.code).toBe(isSeen ? SpanStatusCode.ERROR : SpanStatusCode.UNSET);
      expect(span.attributes['error.type']).toBe(type);
      expect(span.events).toEqual([]);
      const [point] = await server().telemetry.points('http.server.request.duration');
      expect(point?.attributes['error.type']).toBe(type);
    }

    test.for([
      ['/chunked-error', undefined],
      ['/chunked-throw', undefined],
      ['/html-throw', unknowable.unseenException ?? unknowable.unseenInBody],
    ] as const)(
      'calls the stream of %s, which fails, an ERROR with its exception',
      async ([path, reason], { skip }) => {
        skip(reason !== undefined, reason);
        const response = await server().request(path);
        const reader = readText(response);
        expect(await reader.next()).toBe('mi');
        server().gate.open();
        await reader.rest().catch(() => {});
        const span = await server().ended();
        expect(span.status.code).toBe(SpanStatusCode.ERROR);
        expect(span.attributes).toMatchObject({
          'error.type': 'SourceError',
          'http.response.status_code': 200,
        });
        expect(span.events.map(({ attributes }) => attributes)).toMatchObject([
          { 'exception.type': 'SourceError', 'exception.message': 'gone' },
        ]);
        const [point] = await server().telemetry.points('http.server.request.duration');
        expect(point?.attributes['error.type']).toBe('SourceError');
      },
    );

    async function endsWithTheClient(path: string): Promise<void> {
      const client = new AbortController();
      const response = await server().request(path, { signal: client.signal });
      const reader = readText(response);
      expect(await reader.next()).toContain('mi');
      client.abort();
      await reader.cancel();
      const span = await server().ended();
      // Server-sent events always end by a disconnect. Only the server knows that a page is a stream.
      const isUnseen = path === '/raw-html' && unknowable.unseenInBody !== undefined;
      await expectDisconnect(span, path !== '/stream-sse' && !isUnseen);
      server().gate.open();
      await pause();
      expect((await server().ended()).endTime).toEqual(span.endTime);
    }

    test('ends the span once when the client disconnects before the handler responds', async ({
      skip,
    }) => {
      skip(unknowable.goneBeforeAnswer !== undefined, unknowable.goneBeforeAnswer);
      const client = new AbortController();
      const answer = server()
        .request('/slow', { signal: client.signal })
        .catch(() => {});
      await pause();
      client.abort();
      await answer;
      await pause();
      server().gate.open();
      const span = await server().ended();
      await expectDisconnect(span, unknowable.unseenBeforeAnswer === undefined);
      await pause();
      expect((await server().ended()).endTime).toEqual(span.endTime);
    });

    test('ends the span once when the client disconnects in the middle of a large response', async () => {
      const client = new AbortController();
      const response = await server().request('/large', { signal: client.signal });
      const reader = readText(response);
      await reader.next();
      client.abort();
      await reader.cancel();
      const span = await server().ended();
      const reason = unknowable.unseenInText ?? unknowable.unseenInBody;
      await expectDisconnect(span, reason === undefined);
      await pause();
      expect((await server().ended()).endTime).toEqual(span.endTime);
    });

    test('keeps the chunks of a stream', async () => {
      server().gate.open();
      const response = await server().request('/raw-bytes');
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(bytes.length).toBe(3 * 65_536);
      expect([bytes[0], bytes[65_536], bytes[2 * 65_536]]).toEqual([0, 1, 2]);
      expect((await server().ended()).status.code).toBe(SpanStatusCode.UNSET);
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

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
