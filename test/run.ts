// `npm test` runs the suite on Node, then on Bun and Deno in parallel, then delivery without the fast path. The last
// line is the sum. Arguments are passed to Vitest: `npm test -- test/rules`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, stdout } from 'node:process';
import type { Summary } from './summary-reporter.ts';
import { collectorIsMissing, getCollector } from './support/collector-build.ts';

/** One run of Vitest. */
interface Run {
  readonly name: string;
  readonly runtime: 'node' | 'bun' | 'deno';
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Test files, by the start of their names, that must also pass without the fast path. */
const withoutFastPath = 'delivery faults limits lost-telemetry one-shot propagation shutdown'.split(
  ' ',
);

const args = argv.slice(2);
/** Two workers on two cores: by default Vitest leaves a core idle, and most tests wait for a process. */
const stages: Run[][] = [
  [{ name: 'node', runtime: 'node', args: ['--maxWorkers=2', ...args] }],
  [
    { name: 'bun', runtime: 'bun', args },
    { name: 'deno', runtime: 'deno', args },
  ],
];
if (args.length === 0) {
  stages.push([
    {
      name: 'node without the fast path',
      runtime: 'node',
      args: withoutFastPath.map((name) => `test/app/e2e/${name}`),
      env: { OTEL_JS_FAST_PATH_ENABLED: 'false' },
    },
  ]);
}
const reporters = ['--reporter=default', '--reporter=./test/summary-reporter.ts'];

/** Runs a suite. Prints its output at its end, so that two suites do not mix theirs. */
async function runSuite({ name, runtime, args, env: more }: Run, folder: string): Promise<Summary> {
  const summaryFile = join(folder, `${name}.json`);
  const child = spawn('npm', ['run', '--silent', `test:${runtime}`, '--', ...reporters, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...more, SUMMARY_FILE: summaryFile },
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk));
  }
  const [status] = (await once(child, 'close')) as [number | null];
  stdout.write(`\n--- ${name}\n`);
  stdout.write(Buffer.concat(output));
  try {
    const summary: Summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
    // Vitest can fail for other reasons than a test: that must not end as "0 failed".
    if (status === 0 || summary.failures.length > 0) return summary;
    return { ...summary, failures: [{ name: 'vitest', problem: `exit code ${status}` }] };
  } catch {
    const problem = `gave no results (exit code ${status})`;
    return { passed: 0, failures: [{ name: 'vitest', problem }], skipped: [] };
  }
}

function describe({ passed, failures, skipped }: Summary): string {
  const counts = `${passed} passed, ${failures.length} failed`;
  const skips = skipped.reduce((sum, { tests }) => sum + tests, 0);
  return skips > 0 ? `${counts}, ${skips} skipped` : counts;
}

// A build of some minutes on one core, which the first suites leave idle. The tests that need it say why it failed.
if (args.length === 0 && !collectorIsMissing) getCollector().catch(() => undefined);

const folder = mkdtempSync(join(tmpdir(), 'test-run-'));
const summaries: (Summary & { readonly name: string })[] = [];
for (const stage of stages) {
  stdout.write(`Running on ${stage.map(({ name }) => name).join(' and ')} ...\n`);
  if (stage.length > 1)
    stdout.write(
      'Tests of packages, sources, benchmarks, Workers, scale and in a browser ran on Node only.\n',
    );
  const run = async (each: Run) => ({ name: each.name, ...(await runSuite(each, folder)) });
  summaries.push(...(await Promise.all(stage.map(run))));
}
rmSync(folder, { recursive: true });

stdout.write('\n');
for (const run of summaries) {
  for (const { name, tests, reason } of run.skipped) {
    const count = tests > 1 ? `: ${tests} tests` : '';
    stdout.write(`skipped on ${run.name}: ${name}${reason ? ` (${reason})` : ''}${count}\n`);
  }
}
// Failures stand last: a reader of the last lines finds them.
for (const run of summaries) {
  for (const { name, problem } of run.failures) {
    stdout.write(`failed on ${run.name}: ${name}: ${problem}\n`);
  }
}
for (const summary of summaries) stdout.write(`${summary.name}: ${describe(summary)}\n`);
const sum: Summary = {
  passed: summaries.reduce((total, { passed }) => total + passed, 0),
  failures: summaries.flatMap(({ failures }) => failures),
  skipped: summaries.flatMap(({ skipped }) => skipped),
};
stdout.write(`${describe(sum)}\n`);
process.exitCode = sum.failures.length > 0 ? 1 : 0;
