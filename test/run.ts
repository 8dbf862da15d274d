// `npm test`: the suite on Node, Bun and Deno, one after another, and one sum as the last line.
// Arguments go on to Vitest: `npm test -- test/rules`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, stdout } from 'node:process';
import type { Summary } from './summary-reporter.ts';

const runtimes = ['node', 'bun', 'deno'] as const;
const reporters = ['--reporter=default', '--reporter=./test/summary-reporter.ts'];

function runSuite(runtime: string, folder: string): Summary {
  stdout.write(`\n--- ${runtime}\n`);
  const summaryFile = join(folder, `${runtime}.json`);
  const { status, error } = spawnSync(
    'npm',
    ['run', '--silent', `test:${runtime}`, '--', ...reporters, ...argv.slice(2)],
    { stdio: 'inherit', env: { ...env, SUMMARY_FILE: summaryFile } },
  );
  try {
    const summary: Summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
    // Vitest can fail for other reasons than a test: that must not end as "0 failed".
    return status === 0 ? summary : { ...summary, failed: Math.max(summary.failed, 1) };
  } catch {
    stdout.write(`The suite on ${runtime} gave no results (exit code ${status}). ${error ?? ''}\n`);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

function describe({ passed, failed, skipped }: Summary): string {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped.length > 0 ? `${counts}, ${skipped.length} skipped` : counts;
}

const folder = mkdtempSync(join(tmpdir(), 'test-run-'));
const summaries = runtimes.map((runtime) => ({ runtime, ...runSuite(runtime, folder) }));
rmSync(folder, { recursive: true });

stdout.write('\n');
for (const { runtime, skipped } of summaries) {
  for (const { name, reason } of skipped) {
    stdout.write(`skipped on ${runtime}: ${name}${reason ? ` (${reason})` : ''}\n`);
  }
}
for (const summary of summaries) stdout.write(`${summary.runtime}: ${describe(summary)}\n`);
const sum: Summary = {
  passed: summaries.reduce((total, { passed }) => total + passed, 0),
  failed: summaries.reduce((total, { failed }) => total + failed, 0),
  skipped: summaries.flatMap(({ skipped }) => skipped),
};
stdout.write(`${describe(sum)}\n`);
process.exitCode = sum.failed > 0 ? 1 : 0;
