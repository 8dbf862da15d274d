import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { appCommand, currentRuntime } from '../../support/app-command.ts';
import { spawnApp } from '../../support/spawned-app.ts';

test('the app outlives more idle connections than it has descriptors', async () => {
  const { binary, args } = appCommand({});
  const command = `ulimit -n 200; exec ${[binary, ...args].join(' ')}`;
  await using app = await spawnApp({ command });
  const idle = await openConnections(Number(new URL(app.url).port), 400);
  await pause(1_000);
  for (const socket of idle) socket.destroy();

  await expect.poll(() => statusOf(app.url), { timeout: 10_000 }).toBe(200);
  if (currentRuntime === 'deno') {
    expect(app.stderr.match(/^Connections cannot be accepted.* \(ulimit -n\)\.$/gm)).toHaveLength(
      1,
    );
  }
  const { code, stderr } = await app.stop();
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/uncaught|unhandled/);
});

/** Opens connections that send nothing; some may be refused. */
async function openConnections(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    sockets.push(socket);
    await Promise.race([once(socket, 'connect').catch(() => {}), pause(100)]);
  }
  return sockets;
}

async function statusOf(url: string): Promise<number | undefined> {
  const signal = AbortSignal.timeout(1_000);
  return fetch(url, { signal }).then(
    (response) => response.status,
    () => undefined,
  );
}
