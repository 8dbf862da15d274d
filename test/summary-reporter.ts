import { writeFileSync } from 'node:fs';
import { env } from 'node:process';
import type { Reporter, TestModule } from 'vitest/node';

/** What one run of the suite came to. */
export interface Summary {
  readonly passed: number;
  /** Tests that failed, files that could not be loaded, errors that no test caught. */
  readonly failed: number;
  /** Without a `reason` where the test says it in its name. */
  readonly skipped: readonly { readonly name: string; readonly reason?: string | undefined }[];
}

/** A Vitest reporter that writes a Summary as JSON to the file named by `SUMMARY_FILE`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const results = tests.map((test) => ({ name: test.fullName, ...test.result() }));
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const summary: Summary = {
      passed: results.filter(({ state }) => state === 'passed').length,
      failed:
        results.filter(({ state }) => state === 'failed' || state === 'pending').length +
        suites.flatMap((suite) => suite.errors()).length +
        unhandledErrors.length,
      skipped: results.flatMap((result) =>
        result.state === 'skipped' ? [{ name: result.name, reason: result.note }] : [],
      ),
    };
    if (env.SUMMARY_FILE) writeFileSync(env.SUMMARY_FILE, JSON.stringify(summary));
  }
}
