import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import process from 'node:process';
import { endBySignal } from '../end-by-signal.ts';
import { rememberWrapper } from '../wrapper-environment.ts';
import type { PreparedCommand } from './prepare-command.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Runs a program instead of this one, with the same process id, terminal and input. Signals and the
 * exit code are those of the program, and nothing remains that could end before it.
 *
 * Bun, Deno and Windows cannot replace a process. There the program is a child, which gets all signals.
 * @param onFailed called if the program cannot be run
 */
export function replaceProcess(command: PreparedCommand, onFailed: (error: unknown) => void): void {
  try {
    replaceOrSpawn(command).once('error', onFailed);
  } catch (error) {
    onFailed(error);
  }
}

function replaceOrSpawn({ file = '', args, env }: PreparedCommand): ChildProcess {
  if (process.platform !== 'win32' && process.versions.bun === undefined && process.execve) {
    // Its warning about an experimental function would be printed later, so it never is.
    process.execve(file, [basename(file), ...args], env as Record<string, string>);
  }
  // If this process is killed, it cannot pass the signal on.
  const child = spawn(file, args, { env: { ...env, ...rememberWrapper() }, stdio: 'inherit' });
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the program as well, for which a second signal may mean hurry.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      if (child.pid !== undefined && child.exitCode === null) process.kill(child.pid, signal);
    });
  }
  child.once('exit', (code, signal) => {
    for (const each of SIGNALS) process.removeAllListeners(each);
    if (signal === null) process.exit(code ?? 1);
    endBySignal(signal);
  });
  return child;
}
