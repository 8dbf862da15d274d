import { peakBytes, processorMillis } from '../support/process-usage.ts';

/** Processor time and memory of a process since its start. */
export interface Usage {
  readonly cpuMs: number;
  /** The most memory that was resident. */
  readonly peakMb: number;
}

/** Reads the processor time and memory of a process from Linux. */
export function readUsage(pid: number): Usage {
  return { cpuMs: processorMillis(pid), peakMb: Math.round(peakBytes(pid) / 1024 ** 2) };
}
