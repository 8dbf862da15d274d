import process from 'node:process';
import { inspect } from 'node:util';
import { endBySignal } from './end-by-signal.ts';
import { emitCrash } from './sdk/crash.ts';
import type { Telemetry } from './telemetry.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Time limit of the final export after a crash. The program may go on for that time. */
const CRASH_TIMEOUT_MS = 2_000;

/**
 * Exports queued records when a signal arrives, and then lets the signal end the process.
 *
 * If the program handles the signal itself, it also has to call `shutdown()`. A second signal ends the process
 * immediately.
 * @param shutdown exports what is queued
 * @param onHandled called for a signal that the program handles
 * @returns a function that stops watching signals
 */
export function shutDownOnSignals(
  shutdown: () => Promise<void>,
  onHandled: () => Promise<void>,
): () => void {
  function stopWatching(): void {
    for (const each of SIGNALS) process.off(each, onSignal);
  }
  async function onSignal(signal: NodeJS.Signals): Promise<void> {
    if (process.listenerCount(signal) > 1) {
      await onHandled();
      return;
    }
    stopWatching();
    await shutdown();
    endBySignal(signal);
  }
  for (const each of SIGNALS) {
    // A `once()` listener removes itself before later listeners run, so it could not be counted then.
    if (process.listenerCount(each) === 0) process.on(each, onSignal);
  }
  return stopWatching;
}

/**
 * Records an uncaught exception, exports queued records, and then lets it end the process. Does nothing
 * if the program handles such exceptions itself.
 */
export function shutDownOnCrash(telemetry: Pick<Telemetry, 'shutdown'>): void {
  // Bun emits no `uncaughtException` for a rejected promise.
  const events = process.versions.bun
    ? (['uncaughtException', 'unhandledRejection'] as const)
    : (['uncaughtException'] as const);
  let isOver = false;
  const handlers = events.map((event) => {
    const onCrash = async (error: unknown): Promise<void> => {
      if (isOver || process.listenerCount(event) > 1) return;
      isOver = true;
      emitCrash(error);
      await telemetry.shutdown(CRASH_TIMEOUT_MS);
      for (const [each, handler] of handlers) process.off(each, handler);
      endByError(error);
    };
    process.on(event, onCrash);
    return [event, onCrash] as const;
  });
}

/** Ends this process by an error that it does not handle. */
function endByError(error: unknown): void {
  // Runtimes show where a rejection comes from. For an error that is thrown again, they show this place.
  const isRejected = error instanceof Error && process.listenerCount('unhandledRejection') === 0;
  if (isRejected) void Promise.reject(error);
  setImmediate(() => {
    // Bun goes on after it has shown a rejection, as Node does with `--unhandled-rejections=none`, which shows nothing.
    if (!isRejected || !process.versions.bun) process.stderr.write(`Uncaught ${inspect(error)}\n`);
    process.exit(1);
  });
}
