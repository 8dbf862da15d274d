import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import process, { stderr } from 'node:process';
import { appCommand, type RuntimeName, root } from '../test/support/app-command.ts';
import { bundle } from './bundle.ts';
import { type CountingCollector, startCountingCollector } from './counting-collector.ts';
import { postForm, sendRequests } from './load.ts';
import { type FinishedVariant, type Round, SERVER_CORE, startVariant } from './measure.ts';
import { watchOthers } from './quiet.ts';
import { type RuntimeResults, summarizeRounds } from './results.ts';
import { startServer } from './server.ts';
import { PLAIN, type Variant } from './variants.ts';

/** The size of a run. */
export interface RunSize {
  /** New processes of each variant. */
  readonly rounds: number;
  readonly warmUp: number;
  /** Requests of the saturated window. The window at a fixed rate has half of them. */
  readonly requests: number;
}

export const FULL: RunSize = { rounds: 5, warmUp: 40_000, requests: 30_000 };
export const QUICK: RunSize = { rounds: 1, warmUp: 2_000, requests: 2_000 };

const TASKS = 20;

/** Measures variants of a runtime in turn, each in a new process, for `size.rounds` rounds. */
export async function compare(
  runtime: RuntimeName,
  variants: readonly Variant[],
  size: RunSize,
): Promise<RuntimeResults> {
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
  const measured: { variant: Variant; rounds: Round[] }[] = [];
  // Reading TypeScript takes Node 150 MB and half a second, which built programs do not need.
  const isBundled = runtime === 'node' || variants.some(({ leftOut }) => leftOut);
  for (const variant of variants) {
    const entry = isBundled ? await bundle(variant.entry, variant.leftOut) : variant.entry;
    measured.push({ variant: { ...variant, entry }, rounds: [] });
  }
  const others = watchOthers();
  let rate = 0;
  let cpuSeconds = 0;
  try {
    await addTasks(runtime, databaseUrl);
    for (let round = 1; round <= size.rounds; round++) {
      for (const { variant, rounds } of turns(measured)) {
        const result = await measureRound(runtime, variant, databaseUrl, collector, size, rate);
        const { saturated, fixed, received, expected } = result;
        rounds.push(result);
        // Plain is the first one.
        rate ||= result.rate;
        cpuSeconds += result.cpuSeconds;
        stderr.write(
          `${runtime} ${round}/${size.rounds} ${variant.name}: ${saturated.micros.toFixed(1)} us, ` +
            `at ${rate}/s ${fixed.micros.toFixed(1)} us, ${received} of ${expected} spans\n`,
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
    rounds: size.rounds,
    requests: size.requests,
    rate,
    disturbance: others.disturbance(cpuSeconds),
    variants: Object.fromEntries(
      measured.map(({ variant, rounds }) => [variant.name, summarizeRounds(rounds)]),
    ),
  };
}

/** @param knownRate the fixed rate; 0 for half of what this process can take */
async function measureRound(
  runtime: RuntimeName,
  variant: Variant,
  databaseUrl: string,
  collector: CountingCollector,
  { warmUp, requests }: RunSize,
  knownRate: number,
): Promise<Round & { readonly rate: number }> {
  const server = await startVariant(runtime, variant, databaseUrl, collector);
  let finished: FinishedVariant | undefined;
  try {
    await server.warmUp(warmUp);
    const saturated = await server.measure(requests);
    const rate = knownRate || Math.round(requests / saturated.seconds / 2);
    const fixed = await server.measure(requests / 2, rate);
    finished = await server.stop();
    return { saturated, fixed, rate, ...finished };
  } finally {
    if (finished === undefined) await server.stop();
  }
}

/** Repeats the first variant after every four others: all are compared with it, and the machine's speed drifts. */
function turns<T>(all: readonly T[]): T[] {
  return all.flatMap((each, index) => [
    ...(index > 0 && index % 4 === 0 ? all.slice(0, 1) : []),
    each,
  ]);
}

/** Adds tasks to the file that every variant reads. */
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
export function leaveCore(): void {
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
