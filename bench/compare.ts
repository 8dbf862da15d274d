import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import process, { stderr } from 'node:process';
import { appCommand, type RuntimeName, root } from '../test/support/app-command.ts';
import { bundle } from './bundle.ts';
import { startCountingCollector } from './counting-collector.ts';
import { postForm, sendRequests } from './load.ts';
import { type Measurement, measure, SERVER_CORE, type Window } from './measure.ts';
import { type RuntimeResults, summarizeRounds } from './results.ts';
import { startServer } from './server.ts';
import { PLAIN, variantsOf } from './variants.ts';

export const FULL: Window = { warmUp: 40_000, requests: 30_000 };
export const QUICK: Window = { warmUp: 2_000, requests: 5_000 };

const TASKS = 20;

/** Measures the variants of a runtime in turn, as many rounds as asked for. */
export async function compare(
  runtime: RuntimeName,
  pattern: RegExp,
  rounds: number,
  window: Window,
): Promise<RuntimeResults> {
  const variants = variantsOf(runtime, pattern);
  leaveCore();
  if (
    variants.some(({ entry }) => entry.startsWith('bench/peers/')) &&
    !existsSync(join(root, 'bench/node_modules'))
  ) {
    throw new Error('Others to compare with are not installed: run `npm ci --prefix bench`.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const databaseUrl = `file:${folder}/tasks.db`;
  const collector = await startCountingCollector();
  const measured = variants.map((variant) => ({
    // Reading TypeScript would take Node 150 MB and half a second, which nobody has who builds.
    variant: runtime === 'node' ? { ...variant, entry: bundle(variant.entry) } : variant,
    rounds: [] as Measurement[],
  }));
  try {
    await addTasks(runtime, databaseUrl);
    for (let round = 1; round <= rounds; round++) {
      for (const { variant, rounds: done } of turns(measured)) {
        const result = await measure(runtime, variant, databaseUrl, collector, window);
        done.push(result);
        stderr.write(
          `${runtime} ${round}/${rounds} ${variant.name}: ${result.micros.toFixed(1)} us, ` +
            `p90 ${result.p90.toFixed(2)} ms, ${result.received} of ${result.expected} spans\n`,
        );
      }
    }
  } finally {
    collector.close();
    rmSync(folder, { recursive: true });
  }
  return {
    version: versionOf(runtime),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${type()}`,
    rounds,
    requests: window.requests,
    variants: Object.fromEntries(
      measured.map(({ variant, rounds }) => [variant.name, summarizeRounds(rounds)]),
    ),
  };
}

/** The first again after every few others: all are compared with it, and the machine changes. */
function turns<T>(all: readonly T[]): T[] {
  return all.flatMap((each, index) => [
    ...(index > 0 && index % 4 === 0 ? all.slice(0, 1) : []),
    each,
  ]);
}

/** Every variant reads the same file. */
async function addTasks(runtime: RuntimeName, databaseUrl: string): Promise<void> {
  const env = { DATABASE_URL: databaseUrl };
  const server = await startServer({ runtime, entry: PLAIN.entry, env });
  await sendRequests(
    server.port,
    TASKS,
    (n) => postForm('/add', `task=task+${n}`),
    () => 303,
  );
  await server.stop();
}

/** Moves this process off the server's core. */
function leaveCore(): void {
  const others = `${SERVER_CORE + 1}-${cpus().length - 1}`;
  const args = ['--all-tasks', '--cpu-list', '--pid', others, String(process.pid)];
  const { status, error } = spawnSync('taskset', args);
  if (status !== 0) {
    throw new Error('taskset failed: measuring needs Linux and two cores.', { cause: error });
  }
}

function versionOf(runtime: RuntimeName): string {
  const { binary, env } = appCommand({ runtime });
  const { stdout } = spawnSync(binary, ['--version'], { env, encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? '';
}
