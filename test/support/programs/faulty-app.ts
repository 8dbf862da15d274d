// The program itself, on a SQLite driver that fails as the title of a new task asks for, and with an
// exporter `console` that throws. Takes the program's flags.
import process from 'node:process';
import { StatementSync } from 'node:sqlite';
import type { Exporter } from '../../../exporters/exporter.ts';
import { exporters } from '../../../exporters/index.ts';
import { loadRuntime } from '../../../runtimes/index.ts';
import { run } from '../../../src/run.ts';

const SQLITE_BUSY = 5;

/** Actions within the request that adds a task of that title. */
const faults: Record<string, () => void> = {
  'throw an Error': () => {
    throw new RangeError('thrown at once');
  },
  'throw a string': () => {
    throw 'thrown at once';
  },
  'throw null': () => {
    throw null;
  },
  'throw later': () =>
    void setTimeout(() => {
      throw new RangeError('thrown later');
    }),
  'reject later': () => void Promise.reject(new RangeError('rejected later')),
  'throw without a stack': () =>
    throwLater(Object.assign(new RangeError('bare'), { stack: undefined })),
  'throw a string later': () => throwLater('thrown later'),
  'throw null later': () => throwLater(null),
  'throw undefined later': () => throwLater(undefined),
  'throw what has no text': () => throwLater(Object.create(null)),
  'reject with nothing': () => void Promise.reject(),
};

function throwLater(thrown: unknown): void {
  setTimeout(() => {
    throw thrown;
  });
}

const begun = new Map<unknown, number>();
// All statements of the program go through all(). How its overloads differ is of no interest here.
const driver = StatementSync.prototype as unknown as { all(...params: unknown[]): unknown };
const { all } = driver;
driver.all = function (...params) {
  for (const title of params) {
    const fault = faults[String(title)];
    if (fault === undefined) continue;
    if (!begun.has(title)) {
      begun.set(title, performance.now());
      fault();
    }
    // The store tries again for a while, which keeps the request in flight for what comes later.
    if (performance.now() - (begun.get(title) ?? 0) < 100) {
      throw Object.assign(new Error('database is locked'), { errcode: SQLITE_BUSY });
    }
  }
  return all.apply(this, params);
};

function broken(): never {
  throw new TypeError('this exporter is broken');
}
const signal = { export: broken, forceFlush: async () => {}, shutdown: async () => {} };
exporters.console = async (): Promise<Exporter> => ({
  processor: 'simple',
  metricInterval: 100,
  describe: () => 'nothing that works',
  traces: () => ({ ...signal }),
  metrics: () => ({ ...signal }),
  logs: () => ({ ...signal }),
});

await run(await loadRuntime(), process.argv.slice(2));
