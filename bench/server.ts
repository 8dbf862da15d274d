import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { appCommand, root, type SpawnOptions } from '../test/support/app-command.ts';

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
  const ended = once(child, 'close');

  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const port = /^Listening on .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) resolve(Number(port));
    else if (!/^(\d\d:|To-Do List|Traces .*; metrics )/.test(line)) said.push(line);
  });
  child.on('error', reject);
  void ended.then(() => reject(new Error(`The server ended by itself: ${said.join(' ')}`)));

  const port = await promise;
  return {
    port,
    cpuTime() {
      // Fields 14 and 15: user and system time in ticks of 10 ms; the name before may have blanks.
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const total = (Number(stat[11]) + Number(stat[12])) * 10_000;
      const main = readFileSync(`/proc/${child.pid}/task/${child.pid}/schedstat`, 'utf8');
      return { total, otherThreads: total - Number(main.split(' ')[0]) / 1_000 };
    },
    residentBytes() {
      const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(child.pid)]);
      return Number(stdout) * 1024;
    },
    peakBytes() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    },
    forgetPeak() {
      writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return said;
    },
  };
}
