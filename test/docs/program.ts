import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { installedPath } from '../support/installed-path.ts';

const START_TIMEOUT_MS = 60_000;

/** A program of a reader, running. */
export interface Program {
  /** Its address, `http://127.0.0.1:54321`, if it listens on port 3000. */
  readonly url: string;
  /** Everything that it has written so far. */
  readonly output: string;
  readonly exitCode: Promise<number | null>;
  /** True if it listens until it is stopped. */
  readonly isServer: boolean;
  stop(): Promise<void>;
}

/**
 * Starts a program as `app.ts` in a folder. A server gets a free port instead of 3000.
 * @returns when a server responds, and immediately for any other program
 * @throws with the output if a server exits or does not respond
 */
export async function startProgram(
  folder: string,
  command: string,
  source: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const port = await freePort();
  writeFileSync(join(folder, 'app.ts'), source.replaceAll('3000', String(port)));
  const child = spawn('bash', ['-c', `exec ${command}`], {
    cwd: folder,
    env: { ...env, PATH: installedPath, NO_COLOR: '1', ...variables },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const exitCode = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  const program: Program = {
    isServer: source.includes('3000'),
    url: `http://127.0.0.1:${port}`,
    exitCode,
    get output() {
      return output;
    },
    async stop() {
      child.kill('SIGKILL');
      await exitCode;
    },
  };
  if (!program.isServer) return program;

  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; ) {
    const isAnswered = await fetch(program.url).then(
      () => true,
      () => false,
    );
    if (isAnswered) return program;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  await program.stop();
  throw new Error(`${command} does not respond:\n${output}`);
}
