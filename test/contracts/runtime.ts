import { Agent, get } from 'node:http';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bindings, Runtime, Server } from '../../src/runtime.ts';

import { createGate, gatedStream } from '../support/gated-stream.ts';

/** Milliseconds of grace that no test waits for: longer than a test may take. */
const LONG = 60_000;

/**
 * What every runtime adapter does.
 * @param cutsNothing why connections live on after the grace, where they do
 */
export function testRuntime(
  name: string,
  load: () => Promise<Runtime>,
  cutsNothing?: string,
): void {
  describe(`the adapter for ${name}`, () => {
    let runtime: Runtime;
    const servers: Server[] = [];

    beforeEach(async () => {
      runtime = await load();
    });
    afterEach(async () => {
      await Promise.all(servers.splice(0).map((server) => server.close(0)));
    });

    async function serve(
      handler: (request: Request, bindings: Bindings) => Response | Promise<Response>,
      port = 0,
    ) {
      const server = await runtime.serve(handler, { hostname: '127.0.0.1', port });
      servers.push(server);
      const url = `http://127.0.0.1:${server.port}`;
      /** Closes it for this test, and not once more afterwards. */
      function close(graceMillis: number): Promise<void> {
        servers.splice(servers.indexOf(server), 1);
        return server.close(graceMillis);
      }
      return { url, port: server.port, close };
    }

    test('knows the name and the version of what it runs on', () => {
      const { node, bun, deno } = process.versions as Record<string, string>;
      const version = { nodejs: node, bun, deno }[runtime.name];
      expect(runtime.version).toBe(version);
    });

    test('serves on a free port and hands on method, headers and body', async () => {
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

    test('rejects with EADDRINUSE when the port is taken, and the first server lives on', async () => {
      const { url, port } = await serve(() => new Response('first'));
      await expect(serve(() => new Response('second'), port)).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
      expect(await (await fetch(url)).text()).toBe('first');
    });

    test('rejects with EADDRNOTAVAIL for an address of another machine', async () => {
      const answer = runtime.serve(() => new Response(), { hostname: '192.0.2.1', port: 0 });
      await expect(answer).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    });

    test('tells the peer', async () => {
      const { url } = await serve((_request, { peer }) => Response.json(peer));
      expect(await (await fetch(url)).json()).toMatchObject({
        address: '127.0.0.1',
        port: expect.any(Number),
      });
    });

    test('serves two servers at once, each with its handler', async () => {
      const first = await serve(() => new Response('first'));
      const second = await serve(() => new Response('second'));
      expect(await (await fetch(first.url)).text()).toBe('first');
      expect(await (await fetch(second.url)).text()).toBe('second');
      await first.close(LONG);
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

    describe('on close()', () => {
      test('lets a request in flight finish, and takes no new one', async () => {
        const inFlight = createGate();
        const answer = createGate();
        const { url, close } = await serve(async () => {
          inFlight.open();
          await answer.opened;
          return new Response('milk');
        });
        const response = fetch(url);
        await inFlight.opened;
        const closed = close(LONG);
        let isClosed = false;
        void closed.then(() => {
          isClosed = true;
        });
        await expect(waitForRefusal(url)).resolves.toBeUndefined();
        expect(isClosed).toBe(false);
        answer.open();
        expect(await (await response).text()).toBe('milk');
        await closed;
      });

      test('lets a body in flight finish', async () => {
        const answer = createGate();
        const { url, close } = await serve(() => new Response(gatedStream(answer)));
        const response = await fetch(url);
        const closed = close(LONG);
        answer.open();
        expect(await response.text()).toBe('milk');
        await closed;
      });

      const skipped = cutsNothing === undefined ? '' : ` (skipped: ${cutsNothing})`;

      test('waits no longer than the grace', async () => {
        const inFlight = createGate();
        const { url, close } = await serve(() => {
          inFlight.open();
          return new Promise<Response>(() => {});
        });
        const client = new AbortController();
        const response = fetch(url, { signal: client.signal }).catch(() => {});
        await inFlight.opened;
        await close(50);
        client.abort();
        await response;
      });

      test.skipIf(cutsNothing)(`cuts a request when the grace is over${skipped}`, async () => {
        const inFlight = createGate();
        const { url, close } = await serve(() => {
          inFlight.open();
          return new Promise<Response>(() => {});
        });
        const outcome = fetch(url).then(
          () => 'answered',
          () => 'cut',
        );
        await inFlight.opened;
        await close(50);
        expect(await outcome).toBe('cut');
      });

      test.skipIf(cutsNothing)(`cuts a body when the grace is over${skipped}`, async () => {
        const { url, close } = await serve(() => new Response(gatedStream(createGate())));
        const response = await fetch(url);
        const outcome = response.text().then(
          () => 'whole',
          () => 'cut',
        );
        await close(50);
        expect(await outcome).toBe('cut');
      });

      test('does not wait for idle connections that are kept alive', async () => {
        const { url, close } = await serve(() => new Response('milk'));
        const agent = new Agent({ keepAlive: true });
        expect(await ask(url, agent)).toBe('milk');
        expect(await Promise.race([close(LONG).then(() => 'closed'), sleep(3_000)])).toBe('closed');
        agent.destroy();
      });

      test('does not wait for a connection that is kept alive after its last answer', async () => {
        const inFlight = createGate();
        const answer = createGate();
        const { url, close } = await serve(async () => {
          inFlight.open();
          await answer.opened;
          return new Response('milk');
        });
        const agent = new Agent({ keepAlive: true });
        const response = ask(url, agent);
        await inFlight.opened;
        const closed = close(LONG);
        answer.open();
        expect(await response).toBe('milk');
        // Node would keep the connection for 5 s.
        expect(await Promise.race([closed.then(() => 'closed'), sleep(3_000)])).toBe('closed');
        agent.destroy();
      });

      test('does not wait for a client that connects and says nothing', async () => {
        const { connect } = await import('node:net');
        const { port, close } = await serve(() => new Response('milk'));
        const socket = connect(port, '127.0.0.1');
        await new Promise((resolve) => socket.once('connect', resolve));
        socket.on('error', () => {});
        await close(LONG);
        socket.destroy();
      });
    });
  });
}

function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => void text(response).then(resolve, reject)).once(
      'error',
      reject,
    );
  });
}

/** Resolves once nobody accepts connections there any more. */
async function waitForRefusal(url: string): Promise<void> {
  const agent = new Agent();
  for (;;) {
    const outcome = await new Promise((resolve) => {
      get(url, { agent, timeout: 200 })
        .once('error', () => resolve('refused'))
        .once('timeout', () => resolve('accepted'));
    });
    if (outcome === 'refused') return;
  }
}
