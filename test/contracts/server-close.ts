import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Runtime } from '../../runtimes/runtime.ts';
import { createGate, gatedStream } from '../support/gated-stream.ts';
import { useServers } from '../support/use-servers.ts';

/** Milliseconds of grace that no test waits for: longer than a test may take. */
const LONG_MS = 60_000;

/**
 * Tests the contract of every adapter's server when it is closed.
 * @param cutsNothing why connections live on after the grace, where they do
 */
export function testServerClose(
  name: string,
  load: () => Promise<Runtime>,
  cutsNothing?: string,
): void {
  describe(`close() of the adapter for ${name}`, () => {
    const serve = useServers(load);
    test('lets a request in flight finish and accepts no new one', async () => {
      const inFlight = createGate();
      const answer = createGate();
      const { url, close } = await serve(async () => {
        inFlight.open();
        await answer.opened;
        return new Response('milk');
      });
      const response = fetch(url);
      await inFlight.opened;
      const closed = close(LONG_MS);
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
      const closed = close(LONG_MS);
      answer.open();
      expect(await response.text()).toBe('milk');
      await closed;
    });

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

    test('cuts a request when the grace is over', async ({ skip }) => {
      skip(cutsNothing !== undefined, cutsNothing);
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

    test('cuts a body when the grace is over', async ({ skip }) => {
      skip(cutsNothing !== undefined, cutsNothing);
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
      expect(await Promise.race([close(LONG_MS).then(() => 'closed'), sleep(3_000)])).toBe(
        'closed',
      );
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
      const closed = close(LONG_MS);
      answer.open();
      expect(await response).toBe('milk');
      // Node would keep the connection for 5 s.
      expect(await Promise.race([closed.then(() => 'closed'), sleep(3_000)])).toBe('closed');
      agent.destroy();
    });

    test('does not wait for a client that connects and sends nothing', async () => {
      const { port, close } = await serve(() => new Response('milk'));
      const socket = connect(port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.on('error', () => {});
      await close(LONG_MS);
      socket.destroy();
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

/** Resolves when connections to a URL are refused. */
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
