import process from 'node:process';
import type { Telemetry } from './telemetry.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Exports queued records when a signal arrives, and then lets the signal end the process.
 *
 * Does nothing if the program handles the signal itself: it then also has to call `shutdown()`. A
 * second signal ends the process immediately.
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
