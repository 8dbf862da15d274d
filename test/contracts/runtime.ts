import { afterEach, describe, expect, test } from 'vitest';
import type { Bindings, Fetch, Runtime, Server } from '../../src/runtime.ts';

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

/** What every adapter does. Runs on the adapter's own runtime only. */
export function testRuntime(name: string, load: () => Promise<Runtime>): void {
  describe(name, () => {
    const servers: Server[] = [];
    afterEach(async () => {
      await Promise.all(servers.splice(0).map((server) => server.close(0)));
    });
    async function serve(fetch: Fetch, port = 0): Promise<Server> {
      const runtime = await load();
      const server = await runtime.serve(fetch, { hostname: '127.0.0.1', port });
      servers.push(server);
      return server;
    }
    const get = (server: Server) => fetch(`http://127.0.0.1:${server.port}/`);

    test('serve() takes a free port and hands on who is on the other end', async () => {
      let bindings: Bindings | undefined;
      const server = await serve((_, given) => {
        bindings = given;
        return new Response(JSON.stringify(given.peer));
      });
      const peer = await (await get(server)).json();
      expect(peer).toMatchObject({ address: '127.0.0.1', port: expect.any(Number) });
      expect(bindings?.hasServerSpan ?? false).toBe(false);
    });

    test('serve() rejects with EADDRINUSE when the port is taken', async () => {
      const { port } = await serve(() => new Response());
      await expect(serve(() => new Response(), port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    });

    test('close() waits for a request in flight', async () => {
      const server = await serve(async () => {
        await pause(300);
        return new Response('finished');
      });
      const response = get(server);
      await pause(100);
      const closed = server.close(5_000);
      expect(await (await response).text()).toBe('finished');
      await closed;
      await expect(get(server)).rejects.toThrow();
    });

    test('close() waits for a request that hangs no longer than the grace', async () => {
      const server = await serve(() => new Promise<Response>(() => {}));
      // Deno cuts the connection only with the end of the process.
      get(server).catch(() => {});
      await pause(100);
      const startedAt = performance.now();
      await server.close(200);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    });

    test('close() does not wait for a connection that a client keeps after its last answer', async () => {
      const server = await serve(async () => {
        await pause(200);
        return new Response('finished');
      });
      const response = get(server);
      await pause(100);
      const startedAt = performance.now();
      const closed = server.close(20_000);
      await (await response).text();
      await closed;
      // Node would keep the connection for 5 s.
      expect(performance.now() - startedAt).toBeLessThan(4_000);
    });

    test('close() does not wait for idle keep-alive connections', async () => {
      const server = await serve(() => new Response('hello'));
      await (await get(server)).text();
      const startedAt = performance.now();
      await server.close(20_000);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    });
  });
}
