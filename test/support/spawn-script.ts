import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A script in a separate process, on the runtime of the tests. */
export interface SpawnedScript {
  /** The lines of its stdout so far. */
  readonly lines: readonly string[];
  /** Resolves when that many lines have come; rejects when the process ends before. */
  hasLines(count: number): Promise<void>;
  /** Ends its stdin, on which our scripts finish. */
  finish(): void;
  /** Ends it like a power cut: none of its handlers runs. */
  kill(): void;
  /** The exit code; null after a signal. */
  readonly exit: Promise<number | null>;
}

/** @param name of a file in test/support/programs */
export function spawnScript(name: string, ...args: string[]): SpawnedScript {
  const script = fileURLToPath(new URL(`programs/${name}`, import.meta.url));
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
