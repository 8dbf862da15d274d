import process from 'node:process';
import type { Telemetry } from './telemetry.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Exports what is queued when a signal ends the process, and then lets the signal end it.
 *
 * Does nothing when the program handles the signal itself: then it also decides when to call
 * `shutdown()`. A second signal ends the process immediately.
 */
export function shutDownOnSignals(telemetry: Pick<Telemetry, 'shutdown'>): void {
  async function onSignal(signal: NodeJS.Signals): Promise<void> {
    if (process.listenerCount(signal) > 1) return;
    for (const each of SIGNALS) process.off(each, onSignal);
    await telemetry.shutdown();
    process.kill(process.pid, signal);
  }
  for (const each of SIGNALS) process.on(each, onSignal);
}
