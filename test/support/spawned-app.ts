import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll } from 'vitest';
import { appCommand, root, type SpawnOptions } from './app-command.ts';
import { waitUntil } from './wait-until.ts';

export interface Exit {
  /** null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The program, running. `await using` kills it at the end of the block; what is left when the test
 * file ends is killed then.
 */
export interface SpawnedApp extends AsyncDisposable {
  /** Its URL: `http://127.0.0.1:54321`. */
  readonly url: string;
  /** Leader of a new process group: `process.kill(-pid, 'SIGINT')` is Ctrl-C. */
  readonly pid: number;
  /** Its output so far; likewise `stderr`. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when the process has ended and its output is complete. */
  readonly exited: Promise<Exit>;
  /** @param timeoutMillis default 10,000 */
  waitFor(predicate: (app: SpawnedApp) => boolean, timeoutMillis?: number): Promise<void>;
  /** Sends a signal, default `SIGTERM`, and waits for the end. @returns with the time it took */
  stop(signal?: NodeJS.Signals): Promise<Exit & { readonly millis: number }>;
}

/** Starts the program and waits until it listens. Rejects with its output when it ends instead. */
export async function spawnApp(options: SpawnOptions = {}): Promise<SpawnedApp> {
  const { pid, output, exited } = start(options);
  let ended: Exit | undefined;
  const listening = () => /listening on (http:\/\/\S+)/i.exec(output.stderr)?.[1];
  const describe = () => `stdout: ${output.stdout}\nstderr: ${output.stderr}`;
  void exited.then((exit) => {
    ended = exit;
  });

  await waitUntil(
    () => listening() !== undefined || ended !== undefined,
    options.timeoutMillis ?? 20_000,
    describe,
  );
  const url = listening();
  if (!url) throw new Error(`The program ended before it listened: ${JSON.stringify(ended)}`);

  const app: SpawnedApp = {
    url,
    pid,
    exited,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    waitFor(predicate, timeoutMillis = 10_000) {
      return waitUntil(() => predicate(app), timeoutMillis, describe);
    },
    async stop(signal = 'SIGTERM') {
      const startedAt = performance.now();
      // Not child.kill(): on Deno that reports the signal as the end, whatever the exit code was.
      process.kill(pid, signal);
      const exit = await exited;
      return { ...exit, millis: performance.now() - startedAt };
    },
    async [Symbol.asyncDispose]() {
      killGroup(pid);
      await exited;
    },
  };
  return app;
}

/** Runs the program to its end, as a command. Rejects if it is still running after the timeout. */
export async function runApp(options: SpawnOptions): Promise<Exit> {
  const { pid, output, exited } = start(options);
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  try {
    await waitUntil(
      () => ended,
      options.timeoutMillis ?? 20_000,
      () => JSON.stringify(output),
    );
  } finally {
    killGroup(pid);
  }
  return exited;
}

const running = new Map<number, Promise<Exit>>();

// Registered for the test file that imports this one, so that nothing outlives it.
afterAll(async () => {
  for (const pid of running.keys()) killGroup(pid);
  await Promise.all(running.values());
});

function start(options: SpawnOptions): {
  pid: number;
  output: { stdout: string; stderr: string };
  exited: Promise<Exit>;
} {
  const { binary, args, env } = appCommand(options);
  const child = spawn(binary, args, {
    cwd: options.cwd ?? root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${binary} could not be started`);

  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const exited = once(child, 'close').then(([code, signal]): Exit => {
    running.delete(pid);
    return { code, signal, ...output };
  });
  running.set(pid, exited);
  return { pid, output, exited };
}

/** Kills the whole process group: also the child of `deno task`. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
