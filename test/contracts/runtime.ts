import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Runtime } from '../../runtimes/runtime.ts';
import { currentRuntime } from '../support/app-command.ts';
import { openRawConnection } from '../support/raw-connection.ts';
import { useServers } from '../support/use-servers.ts';
import { testMeasures } from './measures.ts';

/** Tests the contract of every runtime adapter while its server is open. */
export function testRuntime(name: string, load: () => Promise<Runtime>): void {
  describe(`the adapter for ${name}`, () => {
    const serve = useServers(load);

    test('reports the name and the version of the runtime', async () => {
      const runtime = await load();
      const { node, bun, deno } = process.versions as Record<string, string>;
      const version = { nodejs: node, bun, deno, workerd: undefined }[runtime.name];
      expect(runtime.version).toBe(version);
    });

    testMeasures(load);

    test('serves on a free port and passes on method, headers and body', async () => {
      const { url, port } = await serve(async (request) =>
        Response.json([
          request.method,
          request.url,
          request.headers.get('x-a'),
          await request.text(),
        ]),
      );
      expect(port).toBeGreaterThan(0);
      const response = await fetch(`${url}/a?b=1`, {
        method: 'POST',
        body: 'milk',
        headers: { 'x-a': '1' },
      });
      expect(await response.json()).toEqual(['POST', `${url}/a?b=1`, '1', 'milk']);
    });

    test.each([
      ['HTTP/1.0 without a Host', 'GET /a?b=1 HTTP/1.0\r\n\r\n'],
      ['an empty Host', 'GET /a?b=1 HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'],
    ])('completes the URL of %s', async (_, head) => {
      const { url, port } = await serve((request, { peer }) =>
        Response.json([request.method, request.url, peer?.address]),
      );
      const connection = await openRawConnection(url);
      connection.send(head);
      const name = currentRuntime === 'deno' ? 'localhost' : '127.0.0.1';
      expect(await connection.received).toContain(
        JSON.stringify(['GET', `http://${name}:${port}/a?b=1`, '127.0.0.1']),
      );
    });

    test('passes on the body of a request without a Host', async () => {
      const { url } = await serve(async (request) => new Response(await request.text()));
      const connection = await openRawConnection(url);
      connection.send('POST /a HTTP/1.0\r\nContent-Length: 4\r\n\r\nmilk');
      expect(await connection.received).toMatch(/\r\n\r\nmilk$/);
    });

    test('rejects with EADDRINUSE when the port is taken, and the first server lives on', async () => {
      const { url, port } = await serve(() => new Response('first'));
      await expect(serve(() => new Response('second'), port)).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
      expect(await (await fetch(url)).text()).toBe('first');
    });

    test('rejects with EADDRNOTAVAIL for an address of another machine', async () => {
      const runtime = await load();
      const answer = runtime.serve(() => new Response(), { hostname: '192.0.2.1', port: 0 });
      await expect(answer).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    });

    test('passes the peer to the app', async () => {
      const { url } = await serve((_request, { peer }) => Response.json(peer));
      expect(await (await fetch(url)).json()).toMatchObject({
        address: '127.0.0.1',
        port: expect.any(Number),
      });
    });

    // Longer than Bun's timeout for slow clients.
    test.concurrent('waits for a handler that takes 14 s', { timeout: 30_000 }, async () => {
      const { url } = await serve(async () => {
        await pause(14_000);
        return new Response('done');
      });
      expect(await (await fetch(url)).text()).toBe('done');
    });

    test('runs two servers at once, each with its handler', async () => {
      const first = await serve(() => new Response('first'));
      const second = await serve(() => new Response('second'));
      expect(await (await fetch(first.url)).text()).toBe('first');
      expect(await (await fetch(second.url)).text()).toBe('second');
      await first.close(60_000);
      expect(await (await fetch(second.url)).text()).toBe('second');
    });

    test.each([new Error('no'), 'no'])(
      'answers 500 when the handler throws %s, and lives on',
      async (thrown) => {
        vi.spyOn(console, 'error').mockImplementation(() => {});
        const { url } = await serve(({ url }) => {
          if (url.endsWith('/ok')) return new Response('ok');
          return Promise.reject(thrown);
        });
        const response = await fetch(url);
        expect(response.status).toBe(500);
        await response.text();
        expect(await (await fetch(`${url}/ok`)).text()).toBe('ok');
      },
    );
  });
}
