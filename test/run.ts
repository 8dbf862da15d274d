// `npm test`: the suite on Node, then on Bun and Deno side by side, then delivery without the fast path. The last
// line is the sum. Arguments are passed to Vitest: `npm test -- test/rules`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, stdout } from 'node:process';
import type { Summary } from './summary-reporter.ts';

/** One run of Vitest. */
interface Run {
  readonly name: string;
  readonly runtime: 'node' | 'bun' | 'deno';
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What must hold whichever way records take: these files, begun by name. */
const withoutFastPath = 'delivery faults limits lost-telemetry one-shot propagation shutdown'.split(
  ' ',
);

const args = argv.slice(2);
/** Runs of a stage are side by side: Vitest uses one worker on two cores. */
const stages: Run[][] = [
  [{ name: 'node', runtime: 'node', args }],
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
    return status === 0 ? summary : { ...summary, failed: Math.max(summary.failed, 1) };
  } catch {
    stdout.write(`The suite on ${name} gave no results (exit code ${status}).\n`);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

function describe({ passed, failed, skipped }: Summary): string {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped.length > 0 ? `${counts}, ${skipped.length} skipped` : counts;
}

const folder = mkdtempSync(join(tmpdir(), 'test-run-'));
const summaries: (Summary & { readonly name: string })[] = [];
for (const stage of stages) {
  stdout.write(`Running on ${stage.map(({ name }) => name).join(' and ')} ...\n`);
  if (stage.length > 1) stdout.write('Tests of packages and in a browser ran on Node only.\n');
  const run = async (each: Run) => ({ name: each.name, ...(await runSuite(each, folder)) });
  summaries.push(...(await Promise.all(stage.map(run))));
}
rmSync(folder, { recursive: true });

stdout.write('\n');
for (const run of summaries) {
  for (const { name, reason } of run.skipped) {
    stdout.write(`skipped on ${run.name}: ${name}${reason ? ` (${reason})` : ''}\n`);
  }
}
for (const summary of summaries) stdout.write(`${summary.name}: ${describe(summary)}\n`);
const sum: Summary = {
  passed: summaries.reduce((total, { passed }) => total + passed, 0),
  failed: summaries.reduce((total, { failed }) => total + failed, 0),
  skipped: summaries.flatMap(({ skipped }) => skipped),
};
stdout.write(`${describe(sum)}\n`);
process.exitCode = sum.failed > 0 ? 1 : 0;
