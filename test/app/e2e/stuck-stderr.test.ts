import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { appCommand, root } from '../../support/app-command.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

// `sleep` reads nothing: the tree of a few hundred requests fills the pipe.
test.each([
  ['a full disk', '2>/dev/full'],
  ['a pipe without a reader', '2> >(exec sleep 60)'],
])('the app with stderr on %s serves, delivers its spans and ends with 0', async (_, redirect) => {
  await using sink = await startOtlpSink();
  const port = await freePort();
  const { binary, args, env } = appCommand({
    args: ['--port', `${port}`, '--traces_exporter', 'otlp,tree', '--logs_exporter', 'tree'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
  });
  const child = spawn('bash', ['-c', `exec "$@" ${redirect}`, 'bash', binary, ...args], {
    cwd: root,
    env,
    detached: true,
    stdio: 'ignore',
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    const status = () =>
      fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(status, { timeout: 20_000 }).toBe(200);
    let served = 1;
    for (; served < 400; served++) expect(await status()).toBe(200);
    await pause(100);

    const exited = once(child, 'exit');
    // The group has the reader of the pipe, too.
    process.kill(child.pid ?? 0, 'SIGTERM');
    expect(await exited).toEqual([0, null]);
    // A server span and a client span for each page.
    expect(sink.spans.length).toBeGreaterThanOrEqual(2 * served);
  } finally {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // All of the group have ended.
    }
  }
});
