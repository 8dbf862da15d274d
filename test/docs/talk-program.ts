import { type ChildProcess, exec, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(exec);
const START_TIMEOUT_MS = 60_000;

/** A terminal of the reader, in the folder of a step. */
export interface Terminal {
  /** The output of the programs, and that of the commands. */
  readonly outputs: readonly [programs: string, commands: string];
  /** Starts a program that runs until `stop()`, and waits until it listens. */
  start(command: string, port: number): Promise<void>;
  /** Runs a command to its end, whatever its exit code is. @returns its output */
  run(command: string): Promise<string>;
  /** Ends the program at once. */
  stop(): Promise<void>;
}

export function openTerminal(cwd: string, environment: NodeJS.ProcessEnv): Terminal {
  let programs = '';
  let commands = '';
  let program: ChildProcess | undefined;
  let closed: Promise<unknown> = Promise.resolve();

  async function stop(): Promise<void> {
    // The whole group: a pipeline or a wrapper consists of several processes.
    if (program?.pid !== undefined && program.exitCode === null) kill(-program.pid, 'SIGKILL');
    await closed;
    program = undefined;
  }

  return {
    get outputs() {
      return [programs, commands] as const;
    },
    async start(command, port) {
      await stop();
      const child = spawn('bash', ['-c', command], { cwd, env: environment, detached: true });
      program = child;
      closed = once(child, 'close');
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          programs += text;
        });
      }
      for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; ) {
        if (await canConnect(port)) return;
        if (child.exitCode !== null) break;
        await sleep(20);
      }
      throw new Error(`${command} does not listen:\n${programs}`);
    },
    async run(command) {
      const result = await execute(command, { cwd, env: environment, shell: 'bash' }).catch(
        (error: { stdout: string; stderr: string }) => error,
      );
      const output = `${result.stdout}${result.stderr}`;
      commands += output;
      return output;
    },
    stop,
  };
}

/** Connects without a request, which would be a trace of its own. */
async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, 'localhost');
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}
