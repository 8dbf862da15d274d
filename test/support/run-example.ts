import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env, execPath, kill, versions } from 'node:process';
import { waitUntil } from './wait-until.ts';

/** A running example. */
export interface RunningExample {
  readonly url: string;
  /** Everything that it has written to stderr. */
  stderr(): string;
  /** Sends SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface ExampleOptions {
  /** Script and flags of a command that starts the example. */
  readonly command?: readonly string[];
  readonly preload?: string;
  readonly variables?: Record<string, string>;
}

/** Starts an example on this runtime, on a free port, and waits until it listens. */
export async function runExample(
  folder: string,
  { command, preload, variables = {} }: ExampleOptions = {},
): Promise<RunningExample> {
  const flag = versions.bun === undefined && versions.deno === undefined ? '--import' : '--preload';
  const run = versions.deno === undefined ? [] : ['run', '-A'];
  const child = spawn(
    execPath,
    [
      ...(command === undefined ? [] : [...run, ...command, execPath]),
      ...run,
      ...(preload === undefined ? [] : [flag, preload]),
      'app.ts',
    ],
    { cwd: folder, env: { ...env, PORT: '0', NO_COLOR: '1', ...variables } },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  await waitUntil(
    () => /Listening on \S+\n/.test(stdout),
    20_000,
    () => stdout + stderr,
  ).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url: /Listening on (\S+)/.exec(stdout)?.[1] ?? '',
    stderr: () => stderr,
    async stop() {
      if (child.pid !== undefined && child.exitCode === null) kill(child.pid, 'SIGTERM');
      const [code] = await closed;
      return code;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
