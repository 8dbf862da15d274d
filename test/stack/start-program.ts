import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { appCommand, root, type SpawnOptions } from '../support/app-command.ts';

/** The program, started by a script outside of Vitest. `await using` kills it at the end of the block. */
export interface Program extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** Starts the program and waits until it listens. Rejects with its stderr if it ends instead. */
export async function startProgram(options: SpawnOptions): Promise<Program> {
  const { binary, args, env } = appCommand(options);
  const child = spawn(binary, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const { pid = Number.NaN } = child;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    const url = /^Listening on (http:\/\/\S+)$/m.exec(stderr)?.[1];
    if (url !== undefined) resolve(url);
  });
  child.on('error', reject);
  let hasEnded = false;
  const ended = once(child, 'close').then(([code]) => {
    hasEnded = true;
    reject(new Error(`The program ended before it listened: ${stderr}`));
    return { code, stderr };
  });

  return {
    url: await promise,
    pid,
    stop() {
      // Not child.kill(): on Deno that reports the signal as the end, whatever the exit code was.
      process.kill(pid, 'SIGTERM');
      return ended;
    },
    async [Symbol.asyncDispose]() {
      if (!hasEnded) process.kill(pid, 'SIGKILL');
      await ended;
    },
  };
}
