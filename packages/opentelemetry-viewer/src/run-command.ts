import { spawn } from 'node:child_process';
import process from 'node:process';

/** Exit code of a shell for a command that cannot be found. */
const NOT_FOUND = 127;

/** Time limit for the delivery of a signal to this process. */
const DELIVERY_MS = 1_000;

/**
 * Runs a command to its end. Signals are passed to it.
 * @returns a function that ends this process as the command ended: with its exit code or signal
 */
export function runInViewer(
  [file = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  notify: (message: string) => void,
): Promise<() => void> {
  // A terminal sends Ctrl-C to the command as well, for which a second signal may mean hurry.
  const isCtrlC = (signal: NodeJS.Signals) => signal === 'SIGINT' && process.stdin.isTTY;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  function passOn(signal: NodeJS.Signals): void {
    if (isCtrlC(signal) || child.pid === undefined || child.exitCode !== null) return;
    // Not child.kill(): on Deno that reports the signal as the end, whatever the exit code was.
    process.kill(child.pid, signal);
  }
  // Before the command can have started, so that no signal ends this process alone.
  for (const signal of signals) process.on(signal, passOn);
  const child = spawn(file, args, { env, stdio: 'inherit' });

  return new Promise((resolve) => {
    child.once('error', (error) => {
      const { code } = error as NodeJS.ErrnoException;
      notify(`Cannot run ${file}: ${code === 'ENOENT' ? 'command not found' : error.message}`);
      resolve(() => process.exit(NOT_FOUND));
    });
    child.once('exit', (code, signal) => {
      resolve(() => {
        for (const each of signals) process.off(each, passOn);
        if (signal === null) process.exit(code ?? 1);
        process.kill(process.pid, signal);
        // On Deno the signal arrives later. Without the timer the process would end first, with exit code 0.
        setTimeout(() => {}, DELIVERY_MS);
      });
    });
  });
}
