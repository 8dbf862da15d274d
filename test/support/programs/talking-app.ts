// The program with a SQLite driver that reacts to the title of a new task. `log` writes to the console,
// `call` prints the headers of a call to another service. Accepts the program's flags.
// biome-ignore-all lint/suspicious/noConsole: what becomes of it is what is tested.
import process from 'node:process';
import { StatementSync } from 'node:sqlite';
import { context, propagation } from '@opentelemetry/api';
import { loadRuntime } from '../../../runtimes/index.ts';
import { run } from '../../../src/run.ts';

let timers = 0;
for (const name of ['setTimeout', 'setInterval'] as const) {
  const start = globalThis[name] as (...args: unknown[]) => unknown;
  const counted = (...args: unknown[]) => {
    timers += 1;
    return start(...args);
  };
  Object.assign(globalThis, { [name]: counted });
}

function call(title: string): void {
  const headers = {};
  propagation.inject(context.active(), headers);
  process.stdout.write(`${JSON.stringify({ title, headers, timers })}\n`);
}

function log(title: string): void {
  console.log(title, { size: 3 });
}

// All statements of the program go through all(). How its overloads differ is of no interest here.
const driver = StatementSync.prototype as unknown as { all(...params: unknown[]): unknown };
const { all } = driver;
driver.all = function (...params) {
  for (const title of params.map(String)) {
    if (title.startsWith('call')) call(title);
    if (title.startsWith('log')) log(title);
  }
  return all.apply(this, params);
};

await run(await loadRuntime(), process.argv.slice(2));
