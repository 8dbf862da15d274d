import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Runtime } from '../../runtimes/runtime.ts';
import { openRawConnection } from '../support/raw-connection.ts';
import { useServers } from '../support/use-servers.ts';

const GET = 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
const CHUNKED =
  'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nmilk\r\n0\r\n';

/** Reasons why a runtime's server lacks a limit. */
export interface MissingLimits {
  /** It cannot end the connection of a client. */
  readonly cutsNothing?: string;
  /** It ends a connection with pipelined requests. */
  readonly refusesPipelines?: string;
}

/** Tests the limits of an adapter's server against clients that misuse a connection. */
export function testServerLimits(
  name: string,
  load: () => Promise<Runtime>,
  { cutsNothing, refusesPipelines }: MissingLimits = {},
): void {
  describe(`the server of the adapter for ${name}`, () => {
    const serve = useServers(load);

    test('answers pipelined requests in order, one at a time', async ({ skip }) => {
      skip(refusesPipelines !== undefined, refusesPipelines);
      let running = 0;
      let most = 0;
      let count = 0;
      const { url } = await serve(async () => {
        most = Math.max(most, ++running);
        const answer = `<${++count}>`;
        await pause(5);
        running -= 1;
        return new Response(answer);
      });
      const connection = await openRawConnection(url);
      connection.send(GET.repeat(49));
      connection.sendHead('GET /');
      const answers = (await connection.received).match(/<\d+>/g);
      expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => `<${i + 1}>`));
      expect(most).toBe(1);
    });

    test('does no work for pipelined requests whose client reads no answer', async () => {
      let count = 0;
      const body = 'x'.repeat(1_000_000);
      const { url } = await serve(() => {
        count += 1;
        return new Response(body);
      });
      await using connection = await openRawConnection(url);
      connection.pause();
      connection.send(GET.repeat(2_000));
      await pause(1_000);
      // The answers that fit into the buffers of both ends.
      expect(count).toBeLessThan(50);
      expect(await (await fetch(url)).text()).toBe(body);
    });

    test('does not read a trailer as another request', async () => {
      const requests: string[] = [];
      const { url } = await serve(async (request) => {
        requests.push(`${request.method} ${await request.text()}`);
        return new Response('answered');
      });
      await using connection = await openRawConnection(url);
      connection.send(`${CHUNKED}X-A: 1\r\nGET: /\r\n\r\n`);
      expect(await connection.head).toMatch(/^HTTP\/1\.1 200 /);
      await pause(100);
      expect(requests).toEqual(['POST milk']);
    });

    test('ends a connection whose GET has a body that does not end', async ({ skip }) => {
      skip(cutsNothing !== undefined, cutsNothing);
      const { url } = await serve(() => new Response('answered'));
      for (const length of ['Content-Length: 1000000000', 'Transfer-Encoding: chunked']) {
        const connection = await openRawConnection(url);
        connection.send(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${length}\r\n\r\n`);
        expect(await connection.received).toContain('answered');
      }
    });

    test.concurrent('ends a connection whose client stops reading', {
      timeout: 120_000,
    }, async ({ skip }) => {
      skip(cutsNothing !== undefined, cutsNothing);
      const size = 50_000_000;
      const { url } = await serve(() => new Response('x'.repeat(size)));
      await using connection = await openRawConnection(url);
      connection.pause();
      connection.sendHead('GET /');
      await pause(70_000);
      connection.resume();
      expect((await connection.received).length).toBeLessThan(size);
    });
  });
}
