import process from 'node:process';

/** Time limit for the delivery of a signal to this process. */
const DELIVERY_MS = 1_000;

/** Ends this process by a signal that it no longer handles. */
export function endBySignal(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
  // On Deno the signal arrives later. Without the timer the process would end first, with exit code 0.
  setTimeout(() => {}, DELIVERY_MS);
}
