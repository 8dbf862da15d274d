import { writeFileSync } from 'node:fs';
import { env } from 'node:process';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

/** The results of one run of the suite. */
export interface Summary {
  readonly passed: number;
  /** Tests that failed, files that could not be loaded, errors that no test caught. */
  readonly failures: readonly Failure[];
  readonly skipped: readonly Skip[];
}

export interface Failure {
  readonly name: string;
  /** The first line of the error. */
  readonly problem: string;
}

/** A skipped test, or a skipped group of tests. Those with the reason in their name have no `reason`. */
export interface Skip {
  readonly name: string;
  readonly tests: number;
  readonly reason?: string | undefined;
}

/** A Vitest reporter that writes a Summary as JSON to the file named by `SUMMARY_FILE`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const summary: Summary = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failures: [
        ...tests.flatMap((test) => {
          const { state, errors } = test.result();
          if (state === 'pending') return [failure(nameOf(test), 'did not end')];
          return state === 'failed' ? [failure(nameOf(test), errors?.[0]?.message)] : [];
        }),
        ...suites.flatMap((suite) =>
          suite.errors().map(({ message }) => failure(nameOf(suite), message)),
        ),
        ...unhandledErrors.map((error) => failure('error that no test caught', String(error))),
      ],
      skipped: modules.flatMap((module) => skipsIn(module)),
    };
    if (env.SUMMARY_FILE) writeFileSync(env.SUMMARY_FILE, JSON.stringify(summary));
  }
}

const failure = (name: string, message = ''): Failure => ({
  name,
  problem: message.split('\n', 1)[0] ?? '',
});

function nameOf(task: TestCase | TestSuite | TestModule): string {
  if (task.type === 'module') return task.relativeModuleId;
  return `${task.module.relativeModuleId} > ${task.fullName}`;
}

/** Lists the skipped tests of a module or suite. A group whose tests are all skipped is one entry. */
function skipsIn(parent: TestModule | TestSuite): Skip[] {
  return [...parent.children].flatMap((child) => {
    if (child.type === 'test') {
      const result = child.result();
      if (result.state !== 'skipped') return [];
      return [{ name: child.fullName, tests: 1, reason: result.note }];
    }
    const skips = skipsIn(child);
    const reason = skips[0]?.reason;
    const tests = [...child.children.allTests()].length;
    const all = skips.reduce((sum, skip) => sum + skip.tests, 0) === tests;
    const same = skips.every((skip) => skip.reason === reason);
    return tests > 0 && all && same ? [{ name: child.fullName, tests, reason }] : skips;
  });
}
