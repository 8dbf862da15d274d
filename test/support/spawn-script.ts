import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A script that runs in a process of its own, on the runtime that runs the tests. */
export interface SpawnedScript {
  /** What it has written to stdout so far, line by line. */
  readonly lines: readonly string[];
  /** Resolves when that many lines have come; rejects when the process ends before. */
  hasLines(count: number): Promise<void>;
  /** Ends its stdin, which tells a script of ours to finish. */
  finish(): void;
  /** Ends it as a power cut would: no handler of its own runs. */
  kill(): void;
  /** The exit code; null after a signal. */
  readonly exit: Promise<number | null>;
}

/** @param name of a file in test/support */
export function spawnScript(name: string, ...args: string[]): SpawnedScript {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const run = process.versions.deno === undefined ? [script] : ['run', '-A', script];
  const child = spawn(process.execPath, [...run, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const exit = codeOf(child);

  return {
    lines,
    hasLines(count) {
      return new Promise((resolve, reject) => {
        const check = () => lines.length >= count && resolve();
        check();
        reader.on('line', check);
        reader.on('close', () => reject(new Error(`${name} ended after ${lines.length} lines.`)));
      });
    },
    finish: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
    exit,
  };
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'close');
  return code;
}
