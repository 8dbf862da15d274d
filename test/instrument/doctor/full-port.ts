import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { root } from '../../support/app-command.ts';

const PROGRAM = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 },
  function () { console.log(this.address().port); });`;

/**
 * Opens a port of 127.0.0.1 with a full accept queue: Linux drops the packets of new connections, like
 * a firewall. Always uses Node's server, since Bun's queue cannot be short.
 */
export async function fullPort(): Promise<number> {
  const child = spawn(join(root, 'node_modules/.bin/node'), ['-e', PROGRAM], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('Node does not start.');
  // Deno's `child.kill()` does nothing the second time.
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const port = Number(line);
  process.kill(pid, 'SIGSTOP');
  for (let i = 0; i < 8; i++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
  }
  await sleep(200);
  return port;
}
