import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { appCommand, root, type SpawnOptions } from '../test/support/app-command.ts';
import { peakBytes, processorMillis, residentBytes } from '../test/support/process-usage.ts';

/** Microseconds of processor time. */
export interface CpuTime {
  readonly total: number;
  /** Part of the total that other threads than the main one have used: compilers, garbage collection, I/O. */
  readonly otherThreads: number;
}

/** The program in a separate process, listening. */
export interface BenchServer {
  readonly port: number;
  /** Processor time that the process has used, in steps of 10,000 microseconds. Linux only. */
  cpuTime(): CpuTime;
  /** Bytes of memory that the process holds. */
  residentBytes(): number;
  /** The most that it has held since `forgetPeak()`. Linux only. */
  peakBytes(): number;
  forgetPeak(): void;
  /** Sends SIGTERM and waits for the exit. @returns the lines outside of its log: losses, failures */
  stop(): Promise<readonly string[]>;
}

/** @param core the only processor core that it may use; default: all */
export async function startServer(options: SpawnOptions, core?: number): Promise<BenchServer> {
  // All load comes from one address.
  const unlimited = { RATE_LIMIT: '0', ...options.env };
  const { binary, args, env } = appCommand({ ...options, env: unlimited });
  const pinned = core === undefined ? [] : ['taskset', '--cpu-list', String(core)];
  const [command = binary, ...rest] = [...pinned, binary, ...args];
  const child = spawn(command, rest, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const { pid = Number.NaN } = child;
  const ended = once(child, 'close');

  const otherLines: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const port = /^Listening on .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) resolve(Number(port));
    else if (!/^(\d\d:|To-Do List|Traces .*; metrics )/.test(line)) otherLines.push(line);
  });
  child.on('error', reject);
  void ended.then(() => reject(new Error(`The server ended by itself: ${otherLines.join(' ')}`)));

  const port = await promise;
  return {
    port,
    cpuTime() {
      const total = processorMillis(pid) * 1_000;
      const main = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8');
      return { total, otherThreads: total - Number(main.split(' ')[0]) / 1_000 };
    },
    residentBytes: () => residentBytes(pid),
    peakBytes: () => peakBytes(pid),
    forgetPeak() {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return otherLines;
    },
  };
}
