// `npm test`: the suite on Node, Bun and Deno, one after another, what is delivered once more without the fast
// path, and one sum as the last line. Arguments go on to Vitest: `npm test -- test/rules`.
import { spawnSync } from 'node:child_process';
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
const runs: Run[] = (['node', 'bun', 'deno'] as const).map((runtime) => {
  return { name: runtime, runtime, args };
});
if (args.length === 0) {
  runs.push({
    name: 'node without the fast path',
    runtime: 'node',
    args: withoutFastPath.map((name) => `test/app/e2e/${name}`),
    env: { OTEL_JS_FAST_PATH_ENABLED: 'false' },
  });
}
const reporters = ['--reporter=default', '--reporter=./test/summary-reporter.ts'];

function runSuite({ name, runtime, args, env: more }: Run, folder: string): Summary {
  stdout.write(`\n--- ${name}\n`);
  const summaryFile = join(folder, 'summary.json');
  rmSync(summaryFile, { force: true });
  const { status, error } = spawnSync(
    'npm',
    ['run', '--silent', `test:${runtime}`, '--', ...reporters, ...args],
    { stdio: 'inherit', env: { ...env, ...more, SUMMARY_FILE: summaryFile } },
  );
  try {
    const summary: Summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
    // Vitest can fail for other reasons than a test: that must not end as "0 failed".
    return status === 0 ? summary : { ...summary, failed: Math.max(summary.failed, 1) };
  } catch {
    stdout.write(`The suite on ${name} gave no results (exit code ${status}). ${error ?? ''}\n`);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

function describe({ passed, failed, skipped }: Summary): string {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped.length > 0 ? `${counts}, ${skipped.length} skipped` : counts;
}

const folder = mkdtempSync(join(tmpdir(), 'test-run-'));
const summaries = runs.map((run) => ({ name: run.name, ...runSuite(run, folder) }));
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
