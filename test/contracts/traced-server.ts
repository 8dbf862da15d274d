import { SpanStatusCode } from '@opentelemetry/api';
import type { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { type ServedApp, useTracedServer } from '../support/use-traced-server.ts';
import { waitUntil } from '../support/wait-until.ts';

/**
 * Tests that `traceHttp()` makes one span per response under a server, and does not change the response.
 * @param serve starts the server
 * @param noPeer why there is none, where that is so
 */
export function testTracedServer(
  name: string,
  serve: (app: Hono) => Promise<ServedApp>,
  noPeer?: string,
): void {
  describe(`traceHttp() under ${name}`, () => {
    const server = useTracedServer(serve);

    test('ends the span of a static answer', async () => {
      const response = await server().request('/static?a=1');
      expect(await response.text()).toBe('milk');
      const span = await server().ended();
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

    test('records the peer', async ({ skip }) => {
      skip(noPeer !== undefined, noPeer);
      await (await server().request('/static')).text();
      expect((await server().ended()).attributes).toMatchObject({
        'client.address': '127.0.0.1',
        'network.peer.address': '127.0.0.1',
        'network.peer.port': expect.any(Number),
      });
    });

    test.each([
      ['/static', 'text/plain'],
      ['/html', 'text/html'],
    ])('leaves the answer of %s as it was, %s', async (path, type) => {
      const response = await server().request(path);
      expect((await response.text()).includes('milk')).toBe(true);
      if (noPeer === undefined) {
        expect(response.headers.get('content-type')).toContain(type);
        expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
      }
      expect((await server().ended()).name).toBe(`GET ${path}`);
    });

    test.each([
      ['/empty', 204],
      ['/redirect', 302],
      ['/nowhere', 404],
    ])('ends the span of %s, status %i', async (path, status) => {
      const response = await server().request(path, { redirect: 'manual' });
      await response.arrayBuffer();
      expect((await server().ended()).attributes['http.response.status_code']).toBe(status);
    });

    test('ends two spans on one connection, neither the parent of the other', async () => {
      for (let i = 0; i < 2; i++) await (await server().request('/static')).text();
      await waitUntil(
        () => server().telemetry.spans().length === 2,
        5_000,
        () => 'Not two spans.',
      );
      for (const span of server().telemetry.spans()) expect(span.parentSpanContext).toBeUndefined();
    });

    test.each(['/static', '/raw', '/stream-sse'])('ends the span of HEAD %s', async (path) => {
      const response = await server().request(path, { method: 'HEAD' });
      expect(await response.text()).toBe('');
      expect((await server().ended()).name).toBe(`HEAD ${path}`);
    });
  });
}
