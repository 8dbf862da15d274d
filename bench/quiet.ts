import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';

/** Use of the machine by others than the benchmark, from the start of a run to its end. */
export interface Disturbance {
  /** Share of all cores' time that other virtual machines have taken. */
  readonly stolen: number;
  /** Share of all cores' time that other programs have used. */
  readonly others: number;
}

const MAX_STOLEN = 0.01;
const MAX_OTHERS = 0.03;
const TICKS_PER_SECOND = 100;

/** Starts to watch the machine. Linux only. */
export function watchOthers(): { disturbance(serverSeconds: number): Disturbance } {
  const before = readTimes();
  const startedAt = performance.now();
  const ownBefore = ownSeconds();
  return {
    /** @param serverSeconds processor time of all servers */
    disturbance(serverSeconds) {
      const after = readTimes();
      const all = ((performance.now() - startedAt) / 1_000) * cpus().length;
      const used = after.used - before.used - (ownSeconds() - ownBefore) - serverSeconds;
      return {
        stolen: (after.stolen - before.stolen) / all,
        others: Math.max(0, used / all),
      };
    },
  };
}

/** Returns the reason why a run must not be saved; undefined if the machine was quiet. */
export function noiseOf({ stolen, others }: Disturbance): string | undefined {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  if (stolen > MAX_STOLEN) return `other machines took ${percent(stolen)} of the processor time`;
  if (others > MAX_OTHERS) return `other programs used ${percent(others)} of the processor time`;
  return undefined;
}

/** Seconds of processor time since the machine was started: of all programs, and taken by other machines. */
function readTimes(): { used: number; stolen: number } {
  const line = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
  const seconds = line.split(' ').map((ticks) => Number(ticks) / TICKS_PER_SECOND);
  // Interrupts, which the load on the network causes, are left out.
  const [user = 0, nice = 0, system = 0, , , , , stolen = 0] = seconds;
  return { used: user + nice + system, stolen };
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
