import { readFileSync } from 'node:fs';

/** Processor time and memory of a process since its start. */
export interface Usage {
  readonly cpuMs: number;
  /** The most memory that was resident. */
  readonly peakMb: number;
}

const TICK_MS = 10;

/** Reads the processor time and memory of a process from Linux. */
export function readUsage(pid: number): Usage {
  // The name may contain blanks and parentheses; numbers follow the last one.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuMs: (Number(stat[11]) + Number(stat[12])) * TICK_MS,
    peakMb: Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024),
  };
}
